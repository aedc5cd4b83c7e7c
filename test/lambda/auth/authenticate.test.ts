import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthenticatorDeps, createAuthenticator } from '../../../lambda/auth/authenticate.ts';
import { digestOf } from '../../../lambda/auth/digest.ts';
import type { KeySettings } from '../../../lambda/auth/key-source.ts';
import type { SecretVersion, Stage } from '../../../lambda/auth/secrets-manager.ts';
import { ConfigError } from '../../../lambda/config.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { openAiBody } from '../../support/openai-body.ts';

const sha256 = (key: string) => Buffer.from(digestOf(key)).toString('hex');
const list = (...keys: object[]) => JSON.stringify({ keys });
const settings = (more: Partial<KeySettings>): KeySettings => ({
  apiKey: undefined,
  apiKeySecretArn: undefined,
  apiKeyFile: undefined,
  apiKeyTtlMs: 60_000,
  ...more,
});
const bearer = (key: string) => new Headers({ authorization: `Bearer ${key}` });

type Versions = Partial<Record<Stage, SecretVersion | Error>>;

/** An authenticator on a secret whose versions the test sets. */
function onSecret(versions: Versions, more: Partial<KeySettings> = {}) {
  const state = { now: 1_800_000_000_000, versions, calls: 0, reports: [] as unknown[] };
  const deps: AuthenticatorDeps = {
    clock: () => state.now,
    async fetchSecret(_arn, stage) {
      state.calls += 1;
      const version = state.versions[stage];
      if (version instanceof Error) throw version;
      return version;
    },
    report: (message, { source, error }) =>
      state.reports.push([message, source, error instanceof Error ? error.message : error]),
  };
  const arn = 'arn:aws:secretsmanager:us-east-1:1:secret:x';
  return { state, authenticate: createAuthenticator(settings({ apiKeySecretArn: arn, ...more }), deps) };
}
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof GatewayError)) throw error;
      return { status: error.status, ...openAiBody(error) };
    },
  );

describe('settings', () => {
  it('without any key stop the start', () => {
    expect(() => createAuthenticator(settings({}))).toThrow(ConfigError);
    expect(() => createAuthenticator(settings({}))).toThrow(/API_KEY_SECRET_ARN, API_KEY or API_KEY_FILE/);
  });

  it('with several sources open with the keys of each', async () => {
    const { authenticate } = onSecret({ AWSCURRENT: { text: 'from-secret' } }, { apiKey: 'from-env' });
    expect(await authenticate(bearer('from-env'))).toEqual({ name: 'default' });
    expect(await authenticate(bearer('from-secret'))).toEqual({ name: 'default' });
  });
});

describe('the header', () => {
  const authenticate = createAuthenticator(settings({ apiKey: 'sk-good' }));

  it.each([
    [{ authorization: 'Bearer sk-good' }],
    [{ authorization: 'bearer   sk-good ' }],
    [{ 'x-api-key': 'sk-good' }],
    [{ 'api-key': ' sk-good' }],
    [{ authorization: 'Bearer placeholder', 'x-api-key': 'sk-good' }],
    [{ authorization: 'Basic Zm9v', 'api-key': 'sk-good' }],
  ])('opens: %j', async (headers) => {
    expect(await authenticate(new Headers(headers))).toEqual({ name: 'default' });
  });

  it.each([
    [{}],
    [{ authorization: '' }],
    [{ authorization: 'sk-good' }],
    [{ authorization: 'Bearer' }],
    [{ authorization: 'Basic sk-good' }],
    [{ authorization: 'Bearer sk-goo' }],
    [{ authorization: 'Bearer sk-good2' }],
    [{ authorization: 'Bearer SK-GOOD' }],
    [{ 'x-api-key': '' }],
    [{ 'x-api-key': 'sk-good, sk-good' }],
    [{ cookie: 'api-key=sk-good' }],
  ])('does not open: %j', async (headers) => {
    expect((await refusal(authenticate(new Headers(headers))))?.status).toBe(401);
  });
});

describe('missing, unknown, expired and revoked', () => {
  it('get the very same answer, which says how to send a key and holds no part of one', async () => {
    const { authenticate, state } = onSecret({
      AWSCURRENT: {
        text: list(
          { name: 'live', sha256: sha256('sk-live') },
          { name: 'expired', sha256: sha256('sk-expired'), expires: '2027-01-01' },
          { name: 'revoked', sha256: sha256('sk-revoked'), revoked: true },
        ),
      },
    });
    state.now = Date.UTC(2027, 0, 1);
    expect(await authenticate(bearer('sk-live'))).toEqual({ name: 'live' });
    const answers = [];
    for (const key of ['sk-unknown', 'sk-expired', 'sk-revoked'])
      answers.push(await refusal(authenticate(bearer(key))));
    answers.push(await refusal(authenticate(new Headers())));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({
      status: 401,
      error: { type: 'authentication_error', code: 'invalid_api_key', param: null },
    });
    expect(answers[0]?.error.message).toMatch(/Authorization: Bearer.*x-api-key.*api-key/);
    expect(JSON.stringify([answers, state.reports])).not.toMatch(/unknown|expired|revoked|sk-/);
  });
});

describe('a principal', () => {
  it('carries what its key may do', async () => {
    const rights = {
      models: ['amazon.*'],
      guardrail: { guardrailIdentifier: 'g', guardrailVersion: '1' },
      metadata: { team: 'a' },
    };
    const { authenticate } = onSecret({
      AWSCURRENT: { text: list({ name: 'team', sha256: sha256('sk-team'), ...rights }) },
    });
    expect(await authenticate(bearer('sk-team'))).toEqual({ name: 'team', ...rights });
  });
});

describe('rotation', () => {
  it('a new key works at once, and the old one beside it for a day', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: { text: 'old', createdAt: 0 } });
    await authenticate(bearer('old'));
    state.now += 10_000;
    const createdAt = state.now;
    state.versions = { AWSCURRENT: { text: 'new', createdAt }, AWSPREVIOUS: { text: 'old', createdAt: 0 } };
    expect(await authenticate(bearer('new'))).toEqual({ name: 'default' });
    expect(await authenticate(bearer('old'))).toEqual({ name: 'default' });
    state.now = createdAt + 86_400_000 + 60_000;
    expect(await refusal(authenticate(bearer('old')))).toMatchObject({ status: 401 });
    expect(await authenticate(bearer('new'))).toEqual({ name: 'default' });
  });

  it('from plain text to JSON and back keeps both', async () => {
    const previous = { text: 'old' };
    const { authenticate } = onSecret({ AWSCURRENT: { text: '{"api_key":"new"}' }, AWSPREVIOUS: previous });
    expect(await authenticate(bearer('old'))).toEqual({ name: 'default' });
    expect(await authenticate(bearer('new'))).toEqual({ name: 'default' });
  });

  it('gives the old value of a named key the rights it has now', async () => {
    const { authenticate } = onSecret({
      AWSCURRENT: {
        text: list({ name: 'team', sha256: sha256('new'), models: ['a'], expires: '2027-06-01' }),
      },
      AWSPREVIOUS: { text: list({ name: 'team', sha256: sha256('old') }) },
    });
    expect(await authenticate(bearer('old'))).toEqual({ name: 'team', models: ['a'] });
  });

  it.each([
    ['revoked', list({ name: 'team', sha256: sha256('k'), revoked: true })],
    ['removed', list({ name: 'other', sha256: sha256('o') })],
    ['expired', list({ name: 'team', sha256: sha256('k'), expires: '2020-01-01' })],
    [
      'revoked, and its name given to another',
      list({ name: 'team', sha256: sha256('k'), revoked: true }, { name: 'team', sha256: sha256('o') }),
    ],
  ])('does not bring back a key that was %s', async (_, current) => {
    const { authenticate } = onSecret({
      AWSCURRENT: { text: current },
      AWSPREVIOUS: { text: list({ name: 'team', sha256: sha256('k') }) },
    });
    expect(await refusal(authenticate(bearer('k')))).toMatchObject({ status: 401 });
  });

  it('does not bring back the single key when the current version has none', async () => {
    const { authenticate } = onSecret({ AWSCURRENT: { text: list() }, AWSPREVIOUS: { text: 'old' } });
    expect(await refusal(authenticate(bearer('old')))).toMatchObject({ status: 401 });
  });

  it.each([
    ['denied', new Error('denied')],
    ['in no known form', { text: '{"keys":' }],
  ])('a previous version that is %s harms nobody', async (_, previous) => {
    const { authenticate } = onSecret({ AWSCURRENT: { text: 'k' }, AWSPREVIOUS: previous });
    expect(await authenticate(bearer('k'))).toEqual({ name: 'default' });
  });
});

describe('a previous version that cannot be read any more', () => {
  const current = { text: 'new', createdAt: 1_800_000_000_000 };
  const failing = new Error('throttled');

  it('lets in whom it has let in, as long as the current one is the same', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: current, AWSPREVIOUS: { text: 'old' } });
    await authenticate(bearer('old'));
    state.versions = { AWSCURRENT: current, AWSPREVIOUS: failing };
    state.now += 61_000;
    expect(await authenticate(bearer('old'))).toEqual({ name: 'default' });
    state.now += 86_400_000;
    expect(await refusal(authenticate(bearer('old')))).toMatchObject({ status: 401 });
  });

  it('lets in nobody once there is another', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: current, AWSPREVIOUS: { text: 'old' } });
    await authenticate(bearer('old'));
    const newest = { text: 'newest', createdAt: current.createdAt + 60_000 };
    state.versions = { AWSCURRENT: newest, AWSPREVIOUS: failing };
    state.now += 61_000;
    expect(await refusal(authenticate(bearer('old')))).toMatchObject({ status: 401 });
    expect(await authenticate(bearer('newest'))).toEqual({ name: 'default' });
  });
});

describe('calls to Secrets Manager', () => {
  it('are two for each time to live, however many ask', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: { text: 'k' } });
    await Promise.all(Array.from({ length: 20 }, () => authenticate(bearer('k'))));
    expect(state.calls).toBe(2);
    state.now += 60_000;
    await Promise.all(Array.from({ length: 20 }, () => authenticate(bearer('k'))));
    expect(state.calls).toBe(4);
  });

  it('cannot be driven by wrong keys', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: { text: 'k' } });
    for (let guess = 0; guess < 100; guess += 1) await refusal(authenticate(bearer(`wrong-${guess}`)));
    expect(state.calls).toBe(2);
    state.now += 5000;
    for (let guess = 0; guess < 100; guess += 1) await refusal(authenticate(bearer(`wrong-${guess}`)));
    expect(state.calls).toBe(4);
  });

  it('are made ahead of the first request by warm, which never rejects', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: { text: 'k' } });
    await authenticate.warm();
    await authenticate(bearer('k'));
    expect(state.calls).toBe(2);
    await expect(onSecret({ AWSCURRENT: new Error('x') }).authenticate.warm()).resolves.toBeUndefined();
  });
});

describe('a secret that cannot be read', () => {
  it('lets nobody in, and says so without detail', async () => {
    const { authenticate, state } = onSecret({
      AWSCURRENT: new Error('User arn:aws:sts::1:x is not authorized'),
    });
    const answer = await refusal(authenticate(bearer('k')));
    expect(answer).toMatchObject({
      status: 503,
      error: { type: 'server_error', code: 'api_keys_unavailable' },
    });
    expect(JSON.stringify(answer)).not.toContain('arn');
    expect(state.reports).toEqual([
      ['The API keys cannot be read.', 'API_KEY_SECRET_ARN', 'User arn:aws:sts::1:x is not authorized'],
    ]);
    expect(await refusal(authenticate(new Headers()))).toMatchObject({ status: 401 });
  });

  it.each([[{ text: '{"keys":' }], [{ text: '' }], [undefined]])('is no open door: %j', async (version) => {
    const { authenticate } = onSecret({ AWSCURRENT: version });
    expect(await refusal(authenticate(bearer('k')))).toMatchObject({ status: 503 });
  });

  it('for a while goes on with the keys it knows', async () => {
    const { authenticate, state } = onSecret({ AWSCURRENT: { text: 'k' } });
    await authenticate(bearer('k'));
    state.versions = { AWSCURRENT: new Error('down') };
    state.now += 60_000;
    expect(await authenticate(bearer('k'))).toEqual({ name: 'default' });
    expect(await refusal(authenticate(bearer('wrong')))).toMatchObject({ status: 401 });
    state.now += 3_700_000;
    expect(await refusal(authenticate(bearer('k')))).toMatchObject({ status: 503 });
  });

  it('does not shut the door of another source', async () => {
    const { authenticate } = onSecret({ AWSCURRENT: new Error('down') }, { apiKey: 'env' });
    expect(await authenticate(bearer('env'))).toEqual({ name: 'default' });
    expect(await refusal(authenticate(bearer('k')))).toMatchObject({ status: 503 });
  });

  it('with one bad record opens for the others and reports the one, without what is in it', async () => {
    const { authenticate, state } = onSecret({
      AWSCURRENT: { text: list({ name: 'bad', sha256: 'sk-oops' }, { name: 'ok', sha256: sha256('k') }) },
    });
    expect(await authenticate(bearer('k'))).toEqual({ name: 'ok' });
    expect(JSON.stringify(state.reports)).toContain('keys[0].sha256');
    expect(JSON.stringify(state.reports)).not.toContain('oops');
  });
});

describe('a key file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read again when a key is not known', async () => {
    const apiKeyFile = join(folder, 'keys.json');
    await writeFile(apiKeyFile, list({ name: 'a', sha256: sha256('ka') }));
    let now = 0;
    const authenticate = createAuthenticator(settings({ apiKeyFile }), { clock: () => now });
    expect(await authenticate(bearer('ka'))).toEqual({ name: 'a' });
    await writeFile(apiKeyFile, list({ name: 'b', sha256: sha256('kb') }));
    now = 5000;
    expect(await authenticate(bearer('kb'))).toEqual({ name: 'b' });
    expect(await refusal(authenticate(bearer('ka')))).toMatchObject({ status: 401 });
  });

  it('that is not there is a 503', async () => {
    const authenticate = createAuthenticator(settings({ apiKeyFile: join(folder, 'none') }));
    expect(await refusal(authenticate(bearer('k')))).toMatchObject({ status: 503 });
  });
});
