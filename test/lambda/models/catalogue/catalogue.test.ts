import { describe, expect, test } from 'vitest';
import { type Listings, listingNames } from '../../../../lambda/bedrock/control-plane.ts';
import { createCatalogue } from '../../../../lambda/models/catalogue/catalogue.ts';
import { rowsOf } from '../../../../lambda/models/catalogue/rows.ts';
import { fakeControlPlane, llama, novaLite, sonnet } from '../account.ts';

const regions = ['us-east-1', 'eu-west-1'];
const roundCalls = 9 * regions.length;

function catalogueWith(fail: Parameters<typeof fakeControlPlane>[0] = {}) {
  const control = fakeControlPlane(fail);
  const clock = { now: Date.parse('2026-11-21T00:00:00Z') };
  const catalogue = createCatalogue({ list: control.list, regions, ttlMs: 900_000, now: () => clock.now });
  return { catalogue, control, clock };
}

describe('what is in it', () => {
  test('everything that can be called, each id once', async () => {
    const { catalogue } = catalogueWith();
    const models = await catalogue.models();
    expect(models.map(({ id, type, regions }) => `${type} ${id} ${regions.join(',')}`)).toEqual([
      `foundation ${novaLite} us-east-1`,
      'foundation anthropic.claude-3-5-sonnet-20240620-v1:0 us-east-1',
      'foundation anthropic.claude-3-5-sonnet-20241022-v2:0 us-east-1',
      'foundation anthropic.claude-v2 us-east-1',
      'foundation acme.painter-v1:0 us-east-1',
      `profile us.${sonnet} us-east-1`,
      `profile global.${sonnet} us-east-1,eu-west-1`,
      `profile us.${llama} us-east-1`,
      'application-profile Team Search us-east-1',
      'imported mistral-7b-instruct-id:custom.a1b2c3d4 us-east-1',
      'imported qwen-coder-id:custom.b2c3d4e5 us-east-1',
      'custom nova-tickets-id:custom.f6a7b8c9d0e1 us-east-1',
      'provisioned nova-batch us-east-1',
      'router both us-east-1',
      'router twins us-east-1',
      'marketplace arn:aws:sagemaker:us-east-1:123456789012:endpoint/twins us-east-1',
      'marketplace gemma us-east-1',
      `profile eu.${sonnet} eu-west-1`,
      `profile eu.${novaLite} eu-west-1`,
    ]);
  });

  test('what is called through a model takes after it', async () => {
    const { catalogue } = catalogueWith();
    const models = new Map((await catalogue.models()).map((entry) => [entry.id, entry]));
    const profile = models.get('Team Search');
    expect(profile).toMatchObject({
      underlying: sonnet,
      provider: 'anthropic',
      input: ['TEXT', 'IMAGE'],
      streaming: true,
      modelId: 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6',
    });
    expect(profile?.capabilities).toEqual(models.get(`us.${sonnet}`)?.capabilities);
    expect(profile?.capabilities.contextTokens).toBeGreaterThan(0);
    expect(models.get('nova-tickets-id:custom.f6a7b8c9d0e1')?.underlying).toBe(novaLite);
    expect(models.get('anthropic.claude-v2')?.lifecycle?.status).toBe('END_OF_LIFE');
    expect(models.get('acme.painter-v1:0')?.output).toEqual(['HOLOGRAM']);
  });

  test('two things of one name: the second goes by its ARN', async () => {
    const control = fakeControlPlane();
    const twice: typeof control.list = async (name, region) => {
      const found = name === 'provisionedModels' ? await control.list('provisionedModels', 'us-east-1') : [];
      const there = found.map((model) => ({
        ...model,
        provisionedModelArn: model.provisionedModelArn?.replace('us-east-1', region),
      }));
      return there as unknown as Awaited<ReturnType<typeof control.list<typeof name>>>;
    };
    const catalogue = createCatalogue({ list: twice, regions, ttlMs: 1 });
    expect((await catalogue.models()).map((entry) => entry.id)).toEqual([
      'nova-batch',
      'arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/c9d0e1f2a3b4',
    ]);
  });
});

describe('what AWS may leave out', () => {
  const listings = (item: object) =>
    Object.fromEntries(listingNames.map((name) => [name, [item]])) as unknown as Partial<Listings>;

  test('a thing without a name or an ARN cannot be called', () => {
    expect(rowsOf('us-east-1', listings({}), 0)).toEqual([]);
  });

  test('little is told: it can be called all the same', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:something/abc';
    const rows = rowsOf(
      'us-east-1',
      {
        foundationModels: [{ modelId: 'acme.foo', modelArn: undefined }],
        applicationProfiles: [{ inferenceProfileArn: arn, inferenceProfileId: 'abc' }],
        provisionedModels: [{ provisionedModelArn: arn, provisionedModelName: 'p' }],
        promptRouters: [{ promptRouterArn: arn, promptRouterName: 'r' }],
        deployments: [
          {
            customModelDeploymentArn: arn,
            customModelDeploymentName: 'd',
            modelArn: 'arn:aws:bedrock:us-east-1:123456789012:custom-model/acme.foo/x',
          },
        ],
      } as unknown as Partial<Listings>,
      0,
    );
    expect(rows.map(({ id, provider, input, listed }) => ({ id, provider, input, listed }))).toEqual([
      { id: 'acme.foo', provider: 'acme', input: [], listed: true },
      { id: 'abc', provider: 'unknown', input: [], listed: true },
      { id: 'd-id:custom.x', provider: 'acme', input: [], listed: true },
      { id: 'p', provider: 'unknown', input: [], listed: true },
      { id: 'r', provider: 'unknown', input: [], listed: true },
    ]);
  });

  test('a custom model bought as provisioned throughput is found by its id too', () => {
    const custom = `arn:aws:bedrock:us-east-1:123456789012:custom-model/${novaLite}/f6a7b8c9d0e1`;
    const [row] = rowsOf(
      'us-east-1',
      {
        provisionedModels: [
          {
            provisionedModelName: 'p',
            provisionedModelArn: 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/c9d0e1f2a3b4',
            modelArn: custom,
          },
        ],
      } as unknown as Partial<Listings>,
      0,
    );
    expect(row?.names).toContain('custom.f6a7b8c9d0e1');
    expect(row?.names).toContain(custom);
  });
});

describe('when it is loaded', () => {
  test('nothing is called before it is asked for; many who ask share one round', async () => {
    const { catalogue, control } = catalogueWith();
    expect(catalogue.peek()).toBeUndefined();
    expect(control.calls.list).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => catalogue.load()));
    expect(control.calls.list).toHaveLength(roundCalls);
    await catalogue.models();
    expect(control.calls.list).toHaveLength(roundCalls);
    expect(catalogue.peek()?.rows.length).toBeGreaterThan(0);
  });

  test('all listings of all regions run at once', async () => {
    let running = 0;
    let most = 0;
    const catalogue = createCatalogue({
      regions,
      ttlMs: 1,
      list: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return [];
      },
    });
    await catalogue.load();
    expect(most).toBe(roundCalls);
  });

  test('again after the time to live', async () => {
    const { catalogue, control, clock } = catalogueWith();
    await catalogue.load();
    clock.now += 899_999;
    await catalogue.load();
    expect(control.calls.list).toHaveLength(roundCalls);
    clock.now += 1;
    await catalogue.load();
    expect(control.calls.list).toHaveLength(2 * roundCalls);
  });
});

describe('when listings fail', () => {
  test('each costs its own models and a warning without AWS’s text', async () => {
    const { catalogue } = catalogueWith({ importedModels: 'AccessDeniedException' });
    const models = await catalogue.models();
    expect(models.some((entry) => entry.type === 'imported')).toBe(false);
    expect(models.some((entry) => entry.type === 'provisioned')).toBe(true);
    expect(catalogue.warnings()).toEqual([
      'imported models in us-east-1 are missing: AccessDeniedException; allow bedrock:ListImportedModels',
      'imported models in eu-west-1 are missing: AccessDeniedException; allow bedrock:ListImportedModels',
    ]);
  });

  test('all of them: an empty list, and not an error', async () => {
    const { catalogue } = catalogueWith(
      Object.fromEntries(
        [
          'foundationModels',
          'systemProfiles',
          'applicationProfiles',
          'importedModels',
          'customModels',
          'deployments',
          'provisionedModels',
          'promptRouters',
          'marketplaceEndpoints',
        ].map((name) => [name, 'AccessDeniedException']),
      ),
    );
    expect(await catalogue.models()).toEqual([]);
    expect(catalogue.warnings()).toHaveLength(roundCalls);
  });

  test('a deployment whose custom model cannot be seen keeps its base model', async () => {
    const { catalogue } = catalogueWith({ customModels: 'AccessDeniedException' });
    const entry = (await catalogue.models()).find((entry) => entry.type === 'custom');
    expect(entry).toMatchObject({ id: 'nova-tickets-prod-id:custom.f6a7b8c9d0e1', underlying: novaLite });
  });

  test('what was known stays, and a passing failure is soon tried again', async () => {
    const { catalogue, control, clock } = catalogueWith();
    const before = (await catalogue.models()).map((entry) => entry.id);
    control.fail.systemProfiles = 'ThrottlingException';
    clock.now += 900_000;
    expect((await catalogue.models()).map((entry) => entry.id)).toEqual(before);
    expect(catalogue.warnings()[0]).toBe(
      'system inference profiles in us-east-1 may be out of date: ThrottlingException',
    );
    const calls = control.calls.list.length;
    clock.now += 29_999;
    await catalogue.load();
    expect(control.calls.list).toHaveLength(calls);
    delete control.fail.systemProfiles;
    clock.now += 1;
    await catalogue.load();
    expect(catalogue.warnings()).toEqual([]);
  });

  test('a missing permission is not asked for again before the time to live', async () => {
    const { catalogue, control, clock } = catalogueWith({ importedModels: 'AccessDeniedException' });
    await catalogue.load();
    clock.now += 899_000;
    await catalogue.load();
    expect(control.calls.list).toHaveLength(roundCalls);
  });
});
