import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listingNames } from '../../../lambda/bedrock/control-plane.ts';
import { readConfig } from '../../../lambda/config.ts';
import { createGateway } from '../../../lambda/gateway.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { simulatedParts, simulatorEnv } from '../models/simulated.ts';

/** The real SDK against the simulator: what is asked of AWS, and how often. */

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  for (const [name, value] of Object.entries(simulatorEnv(simulator.url))) vi.stubEnv(name, value);
});
afterEach(() => simulator.reset());
afterAll(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

const operations = () => simulator.calls.map((call) => call.operation).sort();
const round = [
  'ListCustomModelDeployments',
  'ListCustomModels',
  'ListFoundationModels',
  'ListImportedModels',
  'ListInferenceProfiles',
  'ListInferenceProfiles',
  'ListMarketplaceModelEndpoints',
  'ListPromptRouters',
  'ListProvisionedModelThroughputs',
];
const arn = (resource: string) => `arn:aws:bedrock:us-east-1:123456789012:${resource}`;

describe('control-plane calls', () => {
  test.each([
    'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    'anthropic.claude-haiku-4-5-20251001-v1:0',
    'amazon.nova-lite-v1:0',
    'custom:eu-west-1:amazon.nova-lite-v1:0',
    'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
    arn('inference-profile/us.amazon.nova-lite-v1:0'),
    arn('prompt/ABCDEFGHIJ:1'),
    'arn:aws:sagemaker:us-east-1:123456789012:endpoint/endpoint-quick-start-idr7y',
  ])('none for %s', async (name) => {
    await simulatedParts().resolver.resolve(name);
    expect(operations()).toEqual([]);
  });

  test('one round for the first name that needs it, however many ask, and none after', async () => {
    const { resolver } = simulatedParts();
    const targets = await Promise.all(
      Array.from({ length: 25 }, (_, i) => resolver.resolve(i % 2 ? 'team-search' : 'nova-batch')),
    );
    expect(new Set(targets.map((target) => target.underlying))).toEqual(
      new Set(['anthropic.claude-haiku-4-5-20251001-v1:0', 'amazon.nova-pro-v1:0']),
    );
    expect(operations()).toEqual(round);
    await resolver.resolve('nova-tickets-prod');
    await expect(resolver.resolve('gpt-4o')).rejects.toMatchObject({ status: 404 });
    expect(operations()).toEqual(round);
  });

  test('one question for an application profile, with its ARN whole', async () => {
    const { resolver } = simulatedParts();
    const profile = arn('application-inference-profile/1arbu5hu2sjr');
    const [first] = await Promise.all(Array.from({ length: 10 }, () => resolver.resolve(profile)));
    expect(first).toMatchObject({
      id: profile,
      underlying: 'anthropic.claude-haiku-4-5-20251001-v1:0',
      warnings: [],
    });
    expect(operations()).toEqual(['GetInferenceProfile']);
    expect(decodeURIComponent(simulator.calls[0]!.path)).toBe(`/inference-profiles/${profile}`);
  });

  test('one question for an imported model', async () => {
    const { resolver } = simulatedParts();
    const qwen = await resolver.resolve(arn('imported-model/b2c3d4e5f6a7'));
    expect(qwen).toMatchObject({ backend: 'invoke', format: 'openai-chat', warnings: [] });
    const mistral = await resolver.resolve(arn('imported-model/a1b2c3d4e5f6'));
    expect(mistral.backend).toBe('converse');
    expect(operations()).toEqual(['GetImportedModel', 'GetImportedModel']);
  });

  test('every configured region is listed', async () => {
    const { catalogue } = simulatedParts({ GATEWAY_REGIONS: 'us-east-1,eu-west-1' });
    const models = await catalogue.models();
    expect(operations()).toEqual([...round, ...round].sort());
    expect(models.find((model) => model.id.startsWith('global.'))?.regions).toEqual([
      'us-east-1',
      'eu-west-1',
    ]);
    const ids = models.map((model) => model.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('eu.amazon.nova-lite-v1:0');
    expect(ids.filter((id) => id.split(':').length > 2 && !id.startsWith('arn:'))).toEqual([]);
  });

  test('a denied listing costs its own models', async () => {
    simulator.failing.set('ListImportedModels', 'AccessDeniedException');
    const { catalogue } = simulatedParts();
    const types = new Set((await catalogue.models()).map((model) => model.type));
    expect(types.has('imported')).toBe(false);
    expect(types.has('custom')).toBe(true);
    expect(catalogue.warnings()).toEqual([
      'imported models in us-east-1 are missing: AccessDeniedException; allow bedrock:ListImportedModels',
    ]);
  });
});

describe('what a whole gateway asks of the control plane', () => {
  const chat = (gateway: ReturnType<typeof createGateway>, model: string) =>
    gateway.fetch(
      new Request('http://gateway/v1/chat/completions', {
        method: 'POST',
        headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
      }),
    );
  const newGateway = () =>
    createGateway({
      config: readConfig({
        ...simulatorEnv(simulator.url),
        AWS_MAX_ATTEMPTS: '3',
        API_KEY: 'key',
        LOG_LEVEL: 'silent',
      }),
    });

  test('nothing for /health, nothing for a chat whose name says it, one round for the first that does not', async () => {
    const gateway = newGateway();
    expect((await gateway.fetch(new Request('http://gateway/health'))).status).toBe(200);
    expect(operations()).toEqual([]);
    expect((await chat(gateway, 'us.amazon.nova-lite-v1:0')).status).toBe(200);
    expect(operations()).toEqual(['Converse']);
    expect((await chat(gateway, 'nova-batch')).status).toBe(200);
    expect((await chat(gateway, 'team-search')).status).toBe(200);
    expect((await chat(gateway, 'nobody')).status).toBe(404);
    expect(operations()).toEqual(['Converse', 'Converse', 'Converse', ...round]);
    await gateway.close();
  });

  test('a model that needs a profile: one refusal, one round, and then neither', async () => {
    const gateway = newGateway();
    const model = 'anthropic.claude-haiku-4-5-20251001-v1:0';
    const response = await chat(gateway, model);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ model });
    expect(operations()).toEqual(['Converse', 'Converse', ...round]);
    simulator.calls.length = 0;
    expect((await chat(gateway, model)).status).toBe(200);
    expect((await chat(gateway, 'anthropic.claude-sonnet-4-5-20250929-v1:0')).status).toBe(200);
    expect(simulator.calls.map((call) => call.modelId)).toEqual([
      `global.${model}`,
      'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ]);
    await gateway.close();
  });
});

describe('listings', () => {
  test.each(listingNames)('%s: the SDK’s summaries', async (name) => {
    const { controlPlane } = simulatedParts();
    expect((await controlPlane.list(name, 'us-east-1')).length).toBeGreaterThan(0);
  });

  test('pages that hold fewer than was asked for are all fetched', async () => {
    const small = await startSimulator({ largestPage: 3 });
    vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK', small.url);
    const whole = simulatedParts().controlPlane;
    const profiles = await whole.list('systemProfiles', 'us-east-1');
    vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK', simulator.url);
    await small.close();
    const { controlPlane } = simulatedParts();
    expect(profiles).toEqual(await controlPlane.list('systemProfiles', 'us-east-1'));
    expect(small.calls.length).toBeGreaterThan(10);
    expect(small.calls.every(({ path }) => path.includes('maxResults=1000'))).toBe(true);
  });

  test('every page is fetched', async () => {
    const { controlPlane } = simulatedParts();
    const client = await controlPlane.client('us-east-1');
    const pages = [
      { modelSummaries: [{ modelName: 'a' }], nextToken: '2' },
      { modelSummaries: [{ modelName: 'b' }], nextToken: '3' },
      { modelSummaries: [{ modelName: 'c' }], nextToken: '3' },
      { modelSummaries: [{ modelName: 'never asked for' }] },
    ];
    const send = vi.spyOn(client, 'send').mockImplementation(async () => pages.shift());
    const found = await controlPlane.list('importedModels', 'us-east-1');
    expect(found.map((model) => model.modelName)).toEqual(['a', 'b', 'c']);
    expect(send).toHaveBeenCalledTimes(3);
  });

  test.each([
    ['provisioned-model', { foundationModelArn: 'model' }, { underlying: 'model' }],
    ['custom-model-deployment', { modelArn: 'model' }, { underlying: 'model' }],
    [
      'prompt-router',
      { models: [{ modelArn: 'first' }], fallbackModel: { modelArn: 'fallback' } },
      { underlying: 'fallback' },
    ],
    ['default-prompt-router', { models: [{ modelArn: 'first' }] }, { underlying: 'first' }],
    ['application-inference-profile', {}, { underlying: undefined }],
    ['imported-model', {}, { imported: { instructSupported: false } }],
  ])('what is behind a %s', async (resource, answer, expected) => {
    const { controlPlane } = simulatedParts();
    const client = await controlPlane.client('us-east-1');
    const send = vi.spyOn(client, 'send').mockImplementation(async () => answer);
    const asked = arn(`${resource}/abc`);
    expect(await controlPlane.describe(asked, resource, 'us-east-1')).toEqual(expected);
    expect(Object.values(send.mock.calls[0]![0].input)).toEqual([asked]);
  });

  test('nothing is asked about an ARN the control plane has no question for', async () => {
    const { controlPlane } = simulatedParts();
    expect(await controlPlane.describe(arn('prompt/X'), 'prompt', 'us-east-1')).toBeUndefined();
    expect(operations()).toEqual([]);
  });

  test('clients for regions that names brought are not kept for ever', async () => {
    const { controlPlane } = simulatedParts();
    const first = await controlPlane.client('aa-test-1');
    expect(await controlPlane.client('aa-test-1')).toBe(first);
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
      await controlPlane.client(`${letter}b-test-1`);
      await controlPlane.client(`${letter}c-test-1`);
    }
    expect(await controlPlane.client('aa-test-1')).not.toBe(first);
  });
});
