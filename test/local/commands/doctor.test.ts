import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { endOf, sourceOf } from '../../../local/commands/credential-source.ts';
import { run as doctor } from '../../../local/commands/doctor.ts';
import type { Command } from '../../../local/io.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { simulatorEnv } from '../../lambda/models/simulated.ts';
import { withoutCredentials } from '../../support/no-credentials.ts';

/** Files of credentials that are not there. */
const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => {
  simulator.reset();
  vi.unstubAllEnvs();
});
afterAll(() => simulator.close());

/** Runs a command as a terminal would; the SDK reads the process's environment. */
async function terminal(command: Command, args: string[], env: Record<string, string> = {}) {
  const all = { ...simulatorEnv(simulator.url), ...env };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  let out = '';
  let err = '';
  const code = await command(args, {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env: all,
  });
  return { code, out, err };
}

describe('gateway doctor', () => {
  test('all is well', async () => {
    const { code, out } = await terminal(doctor, ['--model', 'us.amazon.nova-lite-v1:0']);
    expect(out).not.toContain('FAIL');
    expect(out).toContain('ok    us.amazon.nova-lite-v1:0 is us.amazon.nova-lite-v1:0 in us-east-1');
    expect(out).toContain('ok    amazon.nova-lite-v1:0, agreement: AVAILABLE');
    expect(out).toContain('ok    a call of us.amazon.nova-lite-v1:0 in us-east-1: answered');
    expect(out).toMatch(/\nNothing is wrong\.\n$/);
    expect(code).toBe(0);
  });

  test.each([
    ['embeds', 'amazon.titan-embed-text-v2:0', 'POST /v1/embeddings'],
    ['ranks', 'cohere.rerank-v3-5:0', 'POST /v1/rerank'],
  ])('a model that %s is not asked to chat, and is not at fault', async (_, model, route) => {
    const { code, out } = await terminal(doctor, ['--model', model]);
    expect(code).toBe(0);
    expect(out).toContain(`note  a call of ${model}: not made, as it is not for chats\n`);
    expect(out).toContain(`→ It serves ${route}: `);
    expect(simulator.calls.some(({ operation }) => operation === 'Converse')).toBe(false);
  });

  test('a model of bedrock-mantle is called there', async () => {
    const { out } = await terminal(doctor, ['--model', 'deepseek.v3.1'], {
      ENABLE_MANTLE: 'true',
      AWS_ENDPOINT_URL_BEDROCK_MANTLE: simulator.url,
    });
    expect(out).toContain('ok    a call of deepseek.v3.1 in us-east-1: answered');
  });

  test('a model that stands alone is not passed over', async () => {
    expect(await terminal(doctor, ['us.amazon.nova-lite-v1:0'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('a model goes into --model us.amazon.nova-lite-v1:0.'),
    });
  });

  test('without a model it says how to name one; it makes no call unasked', async () => {
    const { code, out } = await terminal(doctor, []);
    expect(code).toBe(0);
    expect(out).toContain('→ Name a model with --model, or set DEFAULT_MODEL.');
    expect(simulator.calls.some((call) => call.operation === 'Converse')).toBe(false);
  });

  test('the default model: what it becomes, and a call of it only when that is asked for', async () => {
    const env = { DEFAULT_MODEL: 'fast', MODEL_ALIASES: '{"fast":"custom:us-west-2:amazon.nova-lite-v1:0"}' };
    const looked = await terminal(doctor, [], env);
    expect(looked.out).toContain('ok    the default model fast is amazon.nova-lite-v1:0 in us-west-2\n');
    expect(looked.out).not.toContain('a call of');
    const called = await terminal(doctor, ['--call'], env);
    expect(called.out).toContain('ok    a call of amazon.nova-lite-v1:0 in us-west-2: answered');
  });

  test('a permission that is missing: what to allow', async () => {
    simulator.failing.set('ListImportedModels', 'AccessDeniedException');
    const some = await terminal(doctor, []);
    expect(some.code).toBe(0);
    expect(some.out).toMatch(
      /note {2}us-east-1, imported models: AccessDeniedException\n +→ Allow bedrock:ListImportedModels/,
    );
    simulator.failing.set('ListFoundationModels', 'AccessDeniedException');
    const all = await terminal(doctor, []);
    expect(all.code).toBe(1);
    expect(all.out).toMatch(
      /FAIL {2}us-east-1, foundation models: AccessDeniedException\n +→ Allow bedrock:ListFoundationModels/,
    );
  });

  test.each([
    [
      { AWS_ACCESS_KEY_ID: 'AKIAEXPIRED000000000' },
      /ExpiredTokenException\n +→ The credentials have expired/,
    ],
    [{ AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' }, /UnrecognizedClientException\n +→ AWS does not know/],
    [{ AWS_ENDPOINT_URL_BEDROCK: 'http://127.0.0.1:1' }, /ECONNREFUSED\n +→ Nothing answers there/],
  ])('%j: what to do', async (env, told) => {
    const { code, out } = await terminal(doctor, [], env);
    expect(code).toBe(1);
    expect(out).toMatch(told);
  });

  test('no credentials: nothing else is tried', async () => {
    const none = {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    };
    const { code, out } = await terminal(doctor, [], none);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL {2}credentials: CredentialsProviderError\n +→ No AWS credentials were found/);
    expect(simulator.calls).toEqual([]);
  });

  test('a Bedrock API key and nothing else is a sign-in', async () => {
    withoutCredentials();
    const key = { ...simulatorEnv(simulator.url), AWS_BEARER_TOKEN_BEDROCK: 'ABSKdoctor' };
    const env = { ...key, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', ...nowhere };
    const { code, out } = await terminal(doctor, ['--model', 'us.amazon.nova-lite-v1:0'], env);
    expect(out).toContain('ok    credentials: the Bedrock API key in AWS_BEARER_TOKEN_BEDROCK\n');
    expect(out).toContain('answered');
    expect(code).toBe(0);
  });

  test('credentials that are there and do not work: in AWS’s words, and the key does not cover it up', async () => {
    const env = {
      AWS_PROFILE: 'broken',
      AWS_CONFIG_FILE: fileURLToPath(new URL('../../support/broken-aws-config', import.meta.url)),
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_BEARER_TOKEN_BEDROCK: 'ABSKdoctor',
    };
    const { code, out } = await terminal(doctor, [], env);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL {2}credentials: CredentialsProviderError: .*\n +→ Renew or correct them/);
    expect(simulator.calls).toEqual([]);
  });

  test('a Bedrock API key beside credentials is not used, and that is said', async () => {
    const { code, out } = await terminal(doctor, [], { AWS_BEARER_TOKEN_BEDROCK: 'ABSKEXPIRED' });
    expect(code).toBe(0);
    expect(out).toMatch(
      /note {2}credentials: from the environment .*; the Bedrock API key .* is not used beside them\n +→ /,
    );
  });

  test('a model whose life has ended, and one that is not there', async () => {
    const ended = await terminal(doctor, ['--model', 'ai21.jamba-1-5-mini-v1:0']);
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/FAIL {2}ai21\.jamba-1-5-mini-v1:0, agreement: NOT_AVAILABLE\n +→ Accept it/);
    expect(ended.out).toMatch(/FAIL {2}a call of ai21\.jamba-1-5-mini-v1:0 .*ResourceNotFoundException/);
    const none = await terminal(doctor, [], { DEFAULT_MODEL: 'nothing-of-the-kind' });
    expect(none.out).toMatch(
      /FAIL {2}the default model nothing-of-the-kind: .*does not exist.*\n +→ Run `gateway models`/,
    );
  });

  test('behind an ARN that hides its model only a call shows more', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/c3d4e5f6a7b8';
    const { code, out } = await terminal(doctor, ['--model', arn]);
    expect(out).toContain(`note  access to ${arn}: only a call can show it`);
    expect(out).toContain('answered');
    expect(code).toBe(0);
  });

  test('availability that may not be asked for is a note', async () => {
    simulator.failing.set('GetFoundationModelAvailability', 'AccessDeniedException');
    const { code, out } = await terminal(doctor, ['--model', 'amazon.nova-lite-v1:0']);
    expect(out).toMatch(
      /note {2}access to amazon\.nova-lite-v1:0 could not be checked: AccessDeniedException\n +→ Allow bedrock:GetFoundationModelAvailability/,
    );
    expect(code).toBe(0);
  });

  test('whose credentials they are, by STS, and which link of the chain gave them', async () => {
    const { out } = await terminal(doctor, []);
    expect(out).toContain(
      'ok    credentials: from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)\n' +
        'ok    identity: arn:aws:iam::123456789012:user/simulator (account 123456789012)\n',
    );
    const temporary = { AWS_ACCESS_KEY_ID: 'ASIATEST000000000000', AWS_SESSION_TOKEN: 'token' };
    const role = await terminal(doctor, [], temporary);
    expect(role.out).toContain('identity: arn:aws:sts::123456789012:assumed-role/gateway/session');
    expect(simulator.calls.find(({ operation }) => operation === 'GetCallerIdentity')?.region).toBe(
      'us-east-1',
    );
  });

  test('STS that cannot be asked is a note, credentials that it refuses are a failure', async () => {
    const closed = await terminal(doctor, [], { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' });
    expect(closed.out).toMatch(/note {2}identity: not known, STS could not be asked \(ECONNREFUSED\)\n +→ /);
    expect(closed.code).toBe(0);
    const expired = await terminal(doctor, [], { AWS_ACCESS_KEY_ID: 'AKIAEXPIRED000000000' });
    expect(expired.out).toMatch(/FAIL {2}identity: ExpiredToken\n +→ The credentials have expired/);
    const unknown = await terminal(doctor, [], { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN000000000' });
    expect(unknown.out).toMatch(/FAIL {2}identity: InvalidClientTokenId\n +→ AWS does not know/);
  });

  test('with a Bedrock API key alone STS is not asked', async () => {
    withoutCredentials();
    const env = {
      ...simulatorEnv(simulator.url),
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      ...nowhere,
    };
    const { out } = await terminal(doctor, [], { ...env, AWS_BEARER_TOKEN_BEDROCK: 'ABSKdoctor' });
    expect(out).not.toContain('identity');
  });
});

describe('where credentials are from', () => {
  test.each([
    [['CREDENTIALS_ENV_VARS'], /^the environment/],
    [['CREDENTIALS_PROFILE'], /^the access keys of a profile/],
    [
      ['CREDENTIALS_PROFILE', 'CREDENTIALS_PROFILE_SOURCE_PROFILE', 'CREDENTIALS_STS_ASSUME_ROLE'],
      /^a role of a profile/,
    ],
    [['CREDENTIALS_PROFILE_SSO', 'CREDENTIALS_SSO'], /aws sso login/],
    [
      ['CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN', 'CREDENTIALS_STS_ASSUME_ROLE_WEB_ID'],
      /^a web identity token/,
    ],
    [['CREDENTIALS_HTTP'], /^the container/],
    [[], /^the instance/],
  ])('%j', (marks, about) => {
    expect(sourceOf({ $source: Object.fromEntries(marks.map((mark) => [mark, 'x'])) })).toMatch(about);
  });

  test('of a profile on disk, and of a process that it names, as the SDK marks them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    const end = new Date(Date.now() + 45 * 60_000).toISOString();
    const told = JSON.stringify({
      Version: 1,
      AccessKeyId: 'ASIA1',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: end,
    });
    await writeFile(join(folder, 'told.json'), told);
    await writeFile(
      join(folder, 'config'),
      `[profile keys]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n[profile process]\ncredential_process = cat ${join(folder, 'told.json')}\n`,
    );
    const files = {
      ...nowhere,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
    };
    const keys = await terminal(doctor, [], { ...files, AWS_PROFILE: 'keys' });
    expect(keys.out).toContain('ok    credentials: from the access keys of a profile\n');
    const process = await terminal(doctor, [], { ...files, AWS_PROFILE: 'process' });
    expect(process.out).toMatch(
      /ok {4}credentials: from the credential_process of a profile; they end at \d{4}-\d\d-\d\d \d\d:\d\d UTC, in 4[45] minutes\n/,
    );
    await rm(folder, { recursive: true });
  });

  test.each([
    ['2026-11-28T12:45:00Z', 'they end at 2026-11-28 12:45 UTC, in 45 minutes'],
    ['2026-11-28T18:20:00Z', 'they end at 2026-11-28 18:20 UTC, in 6 hours'],
    ['2026-11-28T11:59:00Z', 'they ended at 2026-11-28 11:59 UTC'],
  ])('an end at %s', (end, said) => {
    expect(endOf({ expiration: new Date(end) }, Date.parse('2026-11-28T12:00:00Z'))).toBe(said);
    expect(endOf({}, 0)).toBeUndefined();
  });
});
