import {
  CreateInferenceProfileCommand,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
  GetImportedModelCommand,
  GetInferenceProfileCommand,
  ListCustomModelDeploymentsCommand,
  ListCustomModelsCommand,
  ListFoundationModelsCommand,
  ListImportedModelsCommand,
  ListInferenceProfilesCommand,
  ListMarketplaceModelEndpointsCommand,
  ListPromptRoutersCommand,
  ListProvisionedModelThroughputsCommand,
} from '@aws-sdk/client-bedrock';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { control, converse, nova, runtime } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const account = '123456789012';
const arn = (resource: string) => `arn:aws:bedrock:us-east-1:${account}:${resource}`;

describe('foundation models', () => {
  const list = async (filter = {}) =>
    (await control(simulator).send(new ListFoundationModelsCommand(filter))).modelSummaries ?? [];

  test('come with everything the SDK knows of them', async () => {
    const all = await list();
    expect(all.length).toBeGreaterThan(90);
    expect(all.find(({ modelId }) => modelId === nova)).toMatchObject({
      modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
      providerName: 'Amazon',
      inputModalities: ['TEXT', 'IMAGE', 'VIDEO'],
      outputModalities: ['TEXT'],
      inferenceTypesSupported: ['ON_DEMAND', 'INFERENCE_PROFILE'],
      responseStreamingSupported: true,
      modelLifecycle: { status: 'ACTIVE' },
    });
    const types = Object.fromEntries(
      all.map(({ modelId, inferenceTypesSupported }) => [modelId, inferenceTypesSupported]),
    );
    expect(types['anthropic.claude-sonnet-5-5']).toEqual(['INFERENCE_PROFILE']);
    expect(types['openai.gpt-5.6-sol']).toEqual(['INFERENCE_PROFILE']);
    for (const gone of [
      'anthropic.claude-v2',
      'amazon.nova-canvas-v1:0',
      'cohere.command-r-v1:0',
      'amazon.rerank-v1:0',
    ]) {
      expect(types).not.toHaveProperty([gone]);
    }
    expect(all.find(({ modelId }) => modelId === 'cohere.rerank-v3-5:0')?.responseStreamingSupported).toBe(
      false,
    );
    expect(all.some(({ modelLifecycle }) => modelLifecycle?.status === 'LEGACY')).toBe(true);
  });

  test.each([
    [{ byProvider: 'anthropic' }, (model: { providerName?: string }) => model.providerName === 'Anthropic'],
    [
      { byOutputModality: 'EMBEDDING' as const },
      (model: { modelId?: string }) => /embed/.test(model.modelId ?? ''),
    ],
    [
      { byInferenceType: 'ON_DEMAND' as const },
      (model: { inferenceTypesSupported?: string[] }) =>
        model.inferenceTypesSupported?.includes('ON_DEMAND') ?? false,
    ],
  ])('are filtered by %j', async (filter, fits) => {
    const found = await list(filter);
    expect(found.length).toBeGreaterThan(5);
    expect(found.every(fits)).toBe(true);
    expect(found.length).toBeLessThan((await list()).length);
  });

  test('can be asked for one by one', async () => {
    const client = control(simulator);
    const { modelDetails } = await client.send(new GetFoundationModelCommand({ modelIdentifier: nova }));
    expect(modelDetails?.modelId).toBe(nova);
    const available = await client.send(new GetFoundationModelAvailabilityCommand({ modelId: nova }));
    expect(available).toMatchObject({
      authorizationStatus: 'AUTHORIZED',
      agreementAvailability: { status: 'AVAILABLE' },
    });
    await expect(
      client.send(new GetFoundationModelCommand({ modelIdentifier: 'no.such-model' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('inference profiles', () => {
  async function ids(region = 'us-east-1', type?: 'SYSTEM_DEFINED' | 'APPLICATION') {
    const client = control(simulator, { region });
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new ListInferenceProfilesCommand({ maxResults: 10, nextToken, typeEquals: type }),
      );
      expect(page.inferenceProfileSummaries?.length).toBeLessThanOrEqual(10);
      found.push(
        ...(page.inferenceProfileSummaries ?? []).map(({ inferenceProfileId }) => inferenceProfileId!),
      );
      nextToken = page.nextToken;
    } while (nextToken);
    return found;
  }

  test('are those of the caller’s geography, page by page', async () => {
    const american = await ids('us-east-1', 'SYSTEM_DEFINED');
    expect(new Set(american).size).toBe(american.length);
    expect(new Set(american.map((id) => id.split('.')[0]))).toEqual(new Set(['us', 'global']));
    const european = await ids('eu-west-1');
    expect(new Set(european.map((id) => id.split('.')[0]))).toEqual(new Set(['eu', 'global']));
    expect(await ids('us-east-1', 'APPLICATION')).toHaveLength(3);
  });

  test.each(['us.anthropic.claude-sonnet-4-6', arn('inference-profile/us.anthropic.claude-sonnet-4-6')])(
    '%s can be looked up',
    async (identifier) => {
      const profile = await control(simulator).send(
        new GetInferenceProfileCommand({ inferenceProfileIdentifier: identifier }),
      );
      expect(profile).toMatchObject({
        type: 'SYSTEM_DEFINED',
        inferenceProfileId: 'us.anthropic.claude-sonnet-4-6',
      });
      expect(profile.models?.map(({ modelArn }) => modelArn)).toContain(
        'arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-6',
      );
      expect(profile.createdAt).toBeInstanceOf(Date);
    },
  );

  test('an application profile hides its model, and can be made, found and called', async () => {
    const client = control(simulator);
    const { inferenceProfileArn } = await client.send(
      new CreateInferenceProfileCommand({
        inferenceProfileName: 'team-new',
        modelSource: { copyFrom: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0' },
      }),
    );
    expect(inferenceProfileArn).toMatch(/application-inference-profile\/[a-z0-9]{12}$/);
    const found = await client.send(
      new GetInferenceProfileCommand({ inferenceProfileIdentifier: inferenceProfileArn }),
    );
    expect(found).toMatchObject({ type: 'APPLICATION', inferenceProfileName: 'team-new' });
    await expect(
      converse(runtime(simulator), 'Hello', { modelId: inferenceProfileArn }),
    ).resolves.toBeDefined();
    expect(await ids('us-east-1', 'APPLICATION')).toHaveLength(4);
    simulator.reset();
    expect(await ids('us-east-1', 'APPLICATION')).toHaveLength(3);
  });

  test.each<[string, object, string]>([
    ['a bad name', { inferenceProfileName: '-', modelSource: { copyFrom: nova } }, 'ValidationException'],
    [
      'a bad source',
      { inferenceProfileName: 'a', modelSource: { copyFrom: 'no.such' } },
      'ValidationException',
    ],
    [
      'a name that is taken',
      { inferenceProfileName: 'team-search', modelSource: { copyFrom: nova } },
      'ConflictException',
    ],
  ])('%s is refused', async (_name, input, name) => {
    const command = new CreateInferenceProfileCommand(
      input as ConstructorParameters<typeof CreateInferenceProfileCommand>[0],
    );
    await expect(control(simulator).send(command)).rejects.toMatchObject({ name });
  });

  test('an unknown one is not found, a foreign token is invalid', async () => {
    const client = control(simulator);
    await expect(
      client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: 'us.no.such' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(client.send(new ListInferenceProfilesCommand({ nextToken: 'abc' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('the account’s own models', () => {
  const client = () => control(simulator);

  test('are listed at home, and nowhere else', async () => {
    const imported = (await client().send(new ListImportedModelsCommand({}))).modelSummaries ?? [];
    expect(imported.map(({ instructSupported }) => instructSupported)).toContain(true);
    expect(imported.map(({ instructSupported }) => instructSupported)).toContain(false);
    expect((await client().send(new ListCustomModelsCommand({}))).modelSummaries).toHaveLength(2);
    const abroad = control(simulator, { region: 'eu-west-1' });
    expect((await abroad.send(new ListImportedModelsCommand({}))).modelSummaries).toEqual([]);
    const one = await client().send(new GetImportedModelCommand({ modelIdentifier: imported[1]?.modelArn }));
    expect(one).toMatchObject({
      modelName: 'qwen2-5-coder',
      modelArchitecture: 'qwen2',
      instructSupported: false,
    });
    await expect(
      abroad.send(new GetImportedModelCommand({ modelIdentifier: imported[1]?.modelArn })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('every listed ARN can be called', async () => {
    const { modelDeploymentSummaries = [] } = await client().send(new ListCustomModelDeploymentsCommand({}));
    const { provisionedModelSummaries = [] } = await client().send(
      new ListProvisionedModelThroughputsCommand({}),
    );
    const { promptRouterSummaries = [] } = await client().send(new ListPromptRoutersCommand({}));
    const { marketplaceModelEndpoints = [] } = await client().send(
      new ListMarketplaceModelEndpointsCommand({}),
    );
    const arns = [
      ...modelDeploymentSummaries.map((each) => each.customModelDeploymentArn),
      ...provisionedModelSummaries.map((each) => each.provisionedModelArn),
      ...promptRouterSummaries.map((each) => each.promptRouterArn),
      ...marketplaceModelEndpoints.map((each) => each.endpointArn),
      arn('imported-model/a1b2c3d4e5f6'),
      arn('application-inference-profile/1arbu5hu2sjr'),
      arn('inference-profile/us.amazon.nova-lite-v1:0'),
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
    ];
    expect(arns).toHaveLength(9);
    for (const modelId of arns) {
      await expect(converse(runtime(simulator), 'Hello', { modelId })).resolves.toMatchObject({
        stopReason: 'end_turn',
      });
    }
  });

  test('a prompt router says whom it asked', async () => {
    const modelId = arn('default-prompt-router/anthropic.claude:1');
    const { trace } = await converse(runtime(simulator), 'Hello', { modelId });
    expect(trace?.promptRouter?.invokedModelId).toBe('anthropic.claude-3-5-sonnet-20240620-v1:0');
  });
});

describe('which identifiers can be called', () => {
  const invalid = 'The provided model identifier is invalid.';
  test.each<[string, string, string, string]>([
    ['an unknown model', 'no.such-model', 'us-east-1', invalid],
    ['a profile of another geography', 'eu.anthropic.claude-sonnet-4-6', 'us-east-1', invalid],
    [
      'an ARN of another region',
      'arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0',
      'us-east-1',
      invalid,
    ],
    [
      'an ARN of another account',
      'arn:aws:bedrock:us-east-1:999999999999:imported-model/a1b2c3d4e5f6',
      'us-east-1',
      invalid,
    ],
    [
      'a model that needs a profile',
      'anthropic.claude-sonnet-4-6',
      'us-east-1',
      'Invocation of model ID anthropic.claude-sonnet-4-6 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
    ],
    [
      'a model past its end',
      'ai21.jamba-1-5-mini-v1:0',
      'us-east-1',
      'This model version has reached the end of its life.',
    ],
    [
      'an embedding model',
      'amazon.titan-embed-text-v2:0',
      'us-east-1',
      `This action doesn't support the model that you provided.`,
    ],
    [
      'an imported model without Converse',
      arn('imported-model/b2c3d4e5f6a7'),
      'us-east-1',
      `This action doesn't support the model that you provided.`,
    ],
  ])('%s cannot', async (_name, modelId, region, says) => {
    await expect(converse(runtime(simulator, { region }), 'Hello', { modelId })).rejects.toThrow(says);
  });

  test.each([
    ['eu.anthropic.claude-sonnet-4-6', 'eu-central-1'],
    ['apac.amazon.nova-lite-v1:0', 'ap-northeast-1'],
    ['global.anthropic.claude-sonnet-4-6', 'ca-central-1'],
    ['arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0', 'us-west-2'],
  ])('%s can in %s', async (modelId, region) => {
    await expect(converse(runtime(simulator, { region }), 'Hello', { modelId })).resolves.toBeDefined();
  });
});

test('an operation can be told to fail', async () => {
  simulator.failing
    .set('ListImportedModels', 'AccessDeniedException')
    .set('ListInferenceProfiles', 'ThrottlingException');
  const client = control(simulator);
  await expect(client.send(new ListImportedModelsCommand({}))).rejects.toThrow(
    'is not authorized to perform: bedrock:ListImportedModels because no identity-based policy allows',
  );
  await expect(client.send(new ListInferenceProfilesCommand({}))).rejects.toMatchObject({
    name: 'ThrottlingException',
  });
  await expect(client.send(new ListPromptRoutersCommand({}))).resolves.toBeDefined();
});
