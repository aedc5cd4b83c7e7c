import { describe, expect, test } from 'vitest';
import {
  type ListingName,
  type Listings,
  listingNames,
  listings,
} from '../../../../lambda/bedrock/control-plane.ts';
import { createCatalogue } from '../../../../lambda/models/catalogue/catalogue.ts';
import { rowsOf } from '../../../../lambda/models/catalogue/rows.ts';
import { AwsError, fakeControlPlane, llama, novaLite, sonnet } from '../account.ts';

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
      `profile us.${sonnet} us-east-1`,
      `profile global.${sonnet} us-east-1,eu-west-1`,
      `profile us.${llama} us-east-1`,
      'application-profile Team Search us-east-1',
      'imported mistral-7b-instruct-id:custom.a1b2c3d4 us-east-1',
      'imported qwen-coder-id:custom.b2c3d4e5 us-east-1',
      'custom nova-tickets-id:custom.f6a7b8c9d0e1 us-east-1',
      'provisioned nova-batch us-east-1',
      'router both us-east-1',
      'router arn:aws:bedrock:us-east-1:123456789012:prompt-router/d0e1f2a3b4c6 us-east-1',
      'marketplace arn:aws:sagemaker:us-east-1:123456789012:endpoint/twins us-east-1',
      'marketplace gemma us-east-1',
      `profile eu.${sonnet} eu-west-1`,
      `profile eu.${novaLite} eu-west-1`,
      'foundation anthropic.claude-v2 us-east-1',
      'foundation acme.painter-v1:0 us-east-1',
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

  test('two things of one name in two regions: the second goes by its ARN', async () => {
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
    // The others were well: they are not asked again for its sake.
    expect(control.calls.list.slice(calls)).toEqual(['systemProfiles us-east-1', 'systemProfiles eu-west-1']);
  });

  test('a missing permission is not asked for again before the time to live', async () => {
    const { catalogue, control, clock } = catalogueWith({ importedModels: 'AccessDeniedException' });
    await catalogue.load();
    clock.now += 899_000;
    await catalogue.load();
    expect(control.calls.list).toHaveLength(roundCalls);
  });
});

describe('when nothing at all can be listed', () => {
  /** Every listing fails with this name, or in this way. */
  const failing = (error: string | Error) =>
    createCatalogue({
      regions,
      ttlMs: 900_000,
      list: async () => {
        throw error instanceof Error ? error : new AwsError(error);
      },
    });
  const unreachable = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });

  test.each([
    ['CredentialsProviderError', 500, 'upstream_auth', /no AWS credentials.*AWS_PROFILE.*aws sso login/],
    ['ExpiredTokenException', 500, 'upstream_auth', /does not accept.*\(ExpiredTokenException\)/],
    ['UnrecognizedClientException', 500, 'upstream_auth', /does not accept/],
    [
      'AccessDeniedException',
      403,
      'listing_denied',
      /no permission.*us-east-1, eu-west-1.*allow bedrock:ListFoundationModels, bedrock:ListInferenceProfiles/,
    ],
    [unreachable, 502, 'bad_gateway', /cannot be reached in us-east-1, eu-west-1 \(ENOTFOUND\).*AWS_REGION/],
    ['ThrottlingException', 429, 'rate_limit_exceeded', /throttles/],
    ['InternalServerException', 500, 'upstream_error', /failed in us-east-1, eu-west-1/],
    ['TimeoutError', 504, 'timeout', /failed in us-east-1/],
  ])('%s: an error that says why, and no empty list', async (error, status, code, message) => {
    const catalogue = failing(error);
    await expect(catalogue.models()).rejects.toMatchObject({
      status,
      code,
      message: expect.stringMatching(message),
    });
    await expect(catalogue.models()).rejects.not.toMatchObject({
      message: expect.stringMatching(/123456789012|secret-role/),
    });
    expect((await catalogue.load()).failure?.code).toBe(code);
    expect(catalogue.warnings()).toHaveLength(roundCalls);
  });

  test('of several reasons the one is told that stops everything', async () => {
    const names = ['InternalServerException', 'AccessDeniedException', 'CredentialsProviderError'];
    let asked = 0;
    const catalogue = createCatalogue({
      regions,
      ttlMs: 1,
      list: async () => {
        throw new AwsError(names[asked++ % names.length] ?? '');
      },
    });
    await expect(catalogue.models()).rejects.toMatchObject({ code: 'upstream_auth' });
  });

  test('without credentials it is asked again after five seconds, and then the list is there', async () => {
    const all = Object.fromEntries(listingNames.map((name) => [name, 'CredentialsProviderError']));
    const { catalogue, control, clock } = catalogueWith(all);
    await expect(catalogue.models()).rejects.toMatchObject({ code: 'upstream_auth' });
    for (const name of listingNames) delete control.fail[name];
    clock.now += 4999;
    await expect(catalogue.models()).rejects.toMatchObject({ code: 'upstream_auth' });
    clock.now += 1;
    expect((await catalogue.models()).length).toBeGreaterThan(5);
    expect(catalogue.warnings()).toEqual([]);
  });

  test('an account without anything is an empty list', async () => {
    const catalogue = createCatalogue({ regions, ttlMs: 1, list: async () => [] });
    expect(await catalogue.models()).toEqual([]);
  });
});

describe('when listings are late', () => {
  /** Listings that answer when the test lets them; the catalogue's patience ends as soon as nothing else goes on. */
  function lateCatalogue(late: readonly ListingName[]) {
    const control = fakeControlPlane();
    const clock = { now: 0 };
    const held = { late: new Set(late), release: [] as (() => void)[] };
    const waits: number[] = [];
    const list: typeof control.list = async (name, region) => {
      if (held.late.has(name)) await new Promise<void>((resolve) => held.release.push(resolve));
      return control.list(name, region);
    };
    const settles = async (ms: number, work: Promise<unknown>) => {
      waits.push(ms);
      return Promise.race([work.then(() => true), settled().then(() => false)]);
    };
    const catalogue = createCatalogue({ list, regions, ttlMs: 900_000, now: () => clock.now, settles });
    const answer = async () => {
      held.late.clear();
      for (const release of held.release.splice(0)) release();
      await settled();
    };
    return { catalogue, control, clock, waits, held, answer };
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve, 1));

  test.each(listingNames)('%s: the others are there, and the rest when it comes', async (name) => {
    const { catalogue, clock, waits, answer } = lateCatalogue([name]);
    const first = (await catalogue.models()).map(({ id }) => id);
    expect(first.length).toBeGreaterThan(5);
    expect(catalogue.warnings()).toEqual(
      regions.map((region) => `${listings[name].label} in ${region} are missing: AWS has not answered yet`),
    );
    clock.now += 2000;
    expect((await catalogue.models()).map(({ id }) => id)).toEqual(first);
    expect(waits).toEqual([2000]);
    await answer();
    const { catalogue: whole } = catalogueWith();
    expect(catalogue.peek()?.rows.map(({ id }) => id)).toEqual((await whole.load()).rows.map(({ id }) => id));
    expect(catalogue.warnings()).toEqual([]);
  });

  test('all of them: an error that says so, and the list when it comes', async () => {
    const { catalogue, clock, answer } = lateCatalogue(listingNames);
    await expect(catalogue.models()).rejects.toMatchObject({
      status: 504,
      message: expect.stringMatching(/has not answered in us-east-1, eu-west-1/),
    });
    clock.now += 2000;
    await answer();
    expect((await catalogue.models()).length).toBeGreaterThan(5);
  });

  test('a renewal that is late: the old content serves at once and is no cause for a warning', async () => {
    const { catalogue, clock, waits, held, answer } = lateCatalogue([]);
    const before = (await catalogue.models()).map(({ id }) => id);
    held.late = new Set(['foundationModels']);
    clock.now += 900_000;
    expect((await catalogue.models()).map(({ id }) => id)).toEqual(before);
    expect(catalogue.warnings()).toEqual([]);
    clock.now += 250;
    expect((await catalogue.models()).map(({ id }) => id)).toEqual(before);
    expect(waits).toEqual([2000, 250]);
    await answer();
    expect((await catalogue.models()).map(({ id }) => id)).toEqual(before);
  });
});
