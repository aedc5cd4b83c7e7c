import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthenticator } from '../../../lambda/auth/authenticate.ts';
import { runKeys } from '../../../local/keys/run-keys.ts';
import { startSecretsManager } from '../../support/secrets-manager.ts';

async function run(args: string[], env: Record<string, string> = {}) {
  let out = '';
  let err = '';
  const status = await runKeys(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env,
  });
  return { status, out, err };
}
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const open = (apiKey: { file?: string; arn?: string }, key: string) =>
  createAuthenticator({
    apiKey: undefined,
    apiKeyFile: apiKey.file,
    apiKeySecretArn: apiKey.arn,
    apiKeyTtlMs: 1000,
  })(new Headers({ 'x-api-key': key }));

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-keys-'));
});
beforeEach(() => {
  file = join(folder, `${crypto.randomUUID()}.json`);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a key file', () => {
  it('gets a key with all its rights; the key is shown once and kept as a digest only', async () => {
    const { status, out, err } = await run([
      ...['create', '--file', file, '--name', 'team a', '--models', 'amazon.nova-*, *claude*'],
      ...['--expires', '2099-01-31', '--guardrail', 'arn:aws:bedrock:us-east-1:1:guardrail/g:3'],
      ...['--metadata', 'team=a', '--metadata', 'note=x=y'],
    ]);
    expect({ status, out, err }).toEqual({
      status: 0,
      out: expect.stringMatching(/^sk-bg-[\w-]{43}\n$/),
      err: expect.stringContaining('Created team a'),
    });
    const content = await readFile(file, 'utf8');
    expect(JSON.parse(content)).toEqual({
      keys: [
        {
          name: 'team a',
          sha256: sha256(out.trim()),
          models: ['amazon.nova-*', '*claude*'],
          expires: '2099-01-31',
          guardrail: {
            guardrailIdentifier: 'arn:aws:bedrock:us-east-1:1:guardrail/g',
            guardrailVersion: '3',
          },
          metadata: { team: 'a', note: 'x=y' },
        },
      ],
    });
    expect(content + err).not.toContain(out.trim());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => file.endsWith(name.slice(0, 41)))).toHaveLength(1);
    expect(await open({ file }, out.trim())).toMatchObject({ name: 'team a', metadata: { team: 'a' } });
  });

  it('with one plain key keeps it, as the key that stands alone', async () => {
    await writeFile(file, 'sk-old\n');
    const { out } = await run(['create', '--name', 'b'], { API_KEY_FILE: file });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      api_key: 'sk-old',
      keys: [{ name: 'b' }],
    });
    expect(await open({ file }, 'sk-old')).toEqual({ name: 'default' });
    expect(await open({ file }, out.trim())).toMatchObject({ name: 'b' });
  });

  it('lists its keys, no digest in full and no key at all', async () => {
    const records = [
      {
        name: 'live',
        sha256: sha256('a'),
        models: ['m*'],
        metadata: { t: '1' },
        optimisation: { techniques: ['re2', 'bon'], maxCalls: 6 },
      },
      { name: 'old', sha256: sha256('b'), expires: '2020-01-01', optimisation: false },
      {
        name: 'gone',
        sha256: sha256('c'),
        revoked: true,
        guardrail: { guardrailIdentifier: 'g', guardrailVersion: '1' },
      },
      { name: 'typo', sha256: 'sk-pasted-by-mistake' },
    ];
    await writeFile(file, JSON.stringify({ api_key: 'sk-single', keys: records }));
    const { status, out, err } = await run(['list', '--file', file]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      [
        'NAME',
        'STATUS',
        'SHA-256',
        'EXPIRES',
        'MODELS',
        'TECHNIQUES',
        'GUARDRAIL',
        'METADATA',
        'BILLED BY',
        'TEAM',
        'LIMITS',
      ],
      ['default', 'active', 'never', 'all', 'all', '-', '-', '-', '-', '-'],
      [
        'live',
        'active',
        `${sha256('a').slice(0, 8)}…`,
        'never',
        'm*',
        're2,bon (6 calls)',
        '-',
        't=1',
        '-',
        '-',
        '-',
      ],
      ['old', 'expired', `${sha256('b').slice(0, 8)}…`, '2020-01-01', 'all', 'none', '-', '-', '-', '-', '-'],
      ['gone', 'revoked', `${sha256('c').slice(0, 8)}…`, 'never', 'all', 'all', 'g:1', '-', '-', '-', '-'],
      ['?', 'invalid: opens nothing'],
      [''],
    ]);
    expect(out).not.toMatch(/sk-|[0-9a-f]{16}/);
  });

  it.each<[string[], object | false, string]>([
    [['--techniques', 're2, bon ,re2'], { techniques: ['re2', 'bon'] }, 're2,bon'],
    [['--max-calls', '6'], { maxCalls: 6 }, 'all (6 calls)'],
    [['--techniques', 'bon', '--max-calls', '12'], { techniques: ['bon'], maxCalls: 12 }, 'bon (12 calls)'],
    [['--techniques', 'none'], false, 'none'],
  ])('takes the rights of techniques %j, opens with them and lists them', async (options, rights, shown) => {
    const { status, out } = await run(['create', '--file', file, '--name', 'a', ...options]);
    expect(status).toBe(0);
    expect(await open({ file }, out.trim())).toEqual({ name: 'a', optimisation: rights });
    expect((await run(['list', '--file', file])).out.split(/ {2,}/)).toContain(shown);
  });

  it('takes what is its own on AWS’s bill, lists it short, and has it taken away', async () => {
    const arn = 'arn:aws:iam::123456789012:role/billing/team-red';
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr';
    const bill = [
      '--aws-role',
      arn,
      '--project',
      'proj_red1',
      '--profile',
      `us.amazon.nova-lite-v1:0=${profile}`,
    ];
    const { status } = await run(['create', '--file', file, '--name', 'a', ...bill]);
    expect(status).toBe(0);
    const record = async () => JSON.parse(await readFile(file, 'utf8')).keys[0];
    const billing = {
      awsRoleArn: arn,
      projectIdentifier: 'proj_red1',
      profiles: { 'us.amazon.nova-lite-v1:0': profile },
    };
    expect(await record()).toMatchObject(billing);
    const { out } = await run(['list', '--file', file]);
    expect(out.split(/ {2,}/)).toContain('role team-red, project proj_red1, 1 profile');
    expect((await run(['update', '--file', file, '--name', 'a', '--project', 'none'])).status).toBe(0);
    expect(await record()).toEqual({
      name: 'a',
      sha256: expect.any(String),
      ...billing,
      projectIdentifier: undefined,
    });
    const others = ['--aws-role', 'none', '--profile', 'none'];
    expect((await run(['update', '--file', file, '--name', 'a', ...others])).status).toBe(0);
    expect(await record()).toEqual({ name: 'a', sha256: expect.any(String) });
  });

  it.each([
    [['--aws-role', 'team-red'], '--aws-role must be the ARN of an IAM role'],
    [['--project', 'Red team'], '--project must be a Bedrock project’s id or ARN, or default'],
    [['--profile', 'us.amazon.nova-lite-v1:0'], '--profile must be <id>=<arn>'],
    [['--profile', 'm=arn:aws:bedrock:us-east-1:1:inference-profile/x'], '--profile must be'],
  ])('refuses %j', async (options, said) => {
    const { status, err } = await run(['create', '--file', file, '--name', 'a', ...options]);
    expect(status).toBe(2);
    expect(err).toContain(said);
  });

  it('without any has no rights of its own: what the settings allow', async () => {
    const { out } = await run(['create', '--file', file, '--name', 'a']);
    expect(await open({ file }, out.trim())).toEqual({ name: 'a' });
  });

  it('that is not there yet has no keys', async () => {
    expect(await run(['list', '--file', file])).toMatchObject({ status: 0, out: 'There are no keys.\n' });
  });

  it('revokes a key for good, and gives its name to another', async () => {
    const first = (await run(['create', '--file', file, '--name', 'a'])).out.trim();
    expect(await run(['revoke', '--file', file, '--name', 'a'])).toMatchObject({ status: 0 });
    await expect(open({ file }, first)).rejects.toMatchObject({ status: 401 });
    const second = (await run(['create', '--file', file, '--name', 'a'])).out.trim();
    expect(await open({ file }, second)).toMatchObject({ name: 'a' });
    await expect(open({ file }, first)).rejects.toMatchObject({ status: 401 });
  });

  it('keeps records that it cannot read', async () => {
    const strange = { name: 'later', sha256: sha256('x'), budget: 5 };
    await writeFile(file, JSON.stringify({ keys: [strange, 7] }));
    await run(['create', '--file', file, '--name', 'a']);
    expect(JSON.parse(await readFile(file, 'utf8')).keys.slice(0, 2)).toEqual([strange, 7]);
    await run(['revoke', '--file', file, '--name', 'later']);
    expect(JSON.parse(await readFile(file, 'utf8')).keys[0]).toEqual({ ...strange, revoked: true });
  });
});

describe('a secret', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:gateway-AbCdEf';
  let manager: Awaited<ReturnType<typeof startSecretsManager>>;
  beforeAll(async () => {
    manager = await startSecretsManager(arn);
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  beforeEach(() => {
    Object.assign(manager.state, { current: undefined, previous: undefined, failure: undefined, calls: [] });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await manager.close();
  });

  it('in plain text becomes JSON without losing its key, and the gateway opens to both', async () => {
    manager.state.current = 'sk-generated';
    const { status, out } = await run(['create', '--secret', arn, '--name', 'team', '--models', 'a']);
    expect(status).toBe(0);
    expect(manager.state.calls).toEqual(['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage']);
    expect(JSON.parse(manager.state.current)).toEqual({
      api_key: 'sk-generated',
      keys: [{ name: 'team', sha256: sha256(out.trim()), models: ['a'] }],
    });
    expect(await open({ arn }, 'sk-generated')).toEqual({ name: 'default' });
    expect(await open({ arn }, out.trim())).toMatchObject({ name: 'team', models: ['a'] });
  });

  it('without a value takes its first key', async () => {
    const { status, out } = await run(['create', '--name', 'first'], { API_KEY_SECRET_ARN: arn });
    expect(status).toBe(0);
    expect(await open({ arn }, out.trim())).toMatchObject({ name: 'first' });
  });

  it('shuts the revoked key at once, although the version before still has it', async () => {
    manager.state.current = 'sk-generated';
    const key = (await run(['create', '--secret', arn, '--name', 'team'])).out.trim();
    expect(await run(['revoke', '--secret', arn, '--name', 'team'])).toMatchObject({ status: 0 });
    expect(manager.state.previous).toContain(sha256(key));
    await expect(open({ arn }, key)).rejects.toMatchObject({ status: 401 });
    expect(await run(['revoke', '--secret', arn, '--name', 'default'])).toMatchObject({ status: 0 });
    expect(manager.state.previous).toContain('sk-generated');
    await expect(open({ arn }, 'sk-generated')).rejects.toMatchObject({ status: 401 });
  });

  it('that does not exist, or may not be read, is an error in AWS’s words', async () => {
    const other = `${arn}x`;
    const missing = await run(['create', '--secret', other, '--name', 'a']);
    expect(missing).toEqual({
      status: 1,
      out: '',
      err: "Secrets Manager can't find the specified secret.\n",
    });
    manager.state.failure = { name: 'AccessDeniedException', message: 'not authorized' };
    expect(await run(['list', '--secret', arn])).toMatchObject({ status: 1, err: 'not authorized\n' });
    await expect(open({ arn }, 'k')).rejects.toMatchObject({ status: 503 });
  });

  it('in no known form is left alone, and nothing of it is shown', async () => {
    manager.state.current = '{"api_key": "sk-generated",}';
    const result = await run(['create', '--secret', arn, '--name', 'a']);
    expect(result).toMatchObject({ status: 1, out: '', err: expect.stringContaining('cannot be parsed') });
    expect(result.err).not.toContain('sk-');
    expect(manager.state.calls).toEqual(['GetSecretValue']);
  });
});

describe('the command line', () => {
  it.each([[['--help']], [['help']], [['create', '-h']]])('helps: %j', async (args) => {
    expect(await run(args)).toMatchObject({ status: 0, out: expect.stringContaining('Usage: gateway keys') });
  });

  it.each([
    [[], 'No command given.'],
    [['delete'], 'Unknown command: delete.'],
    [['create', 'team', '--file', 'F'], 'the name goes into --name'],
    [['create', '--file', 'F'], 'Give the key a --name.'],
    [['create', '--name', 'a', '--wat'], '--wat'],
    [['list', '--file', 'F', '--name', 'a'], 'list does not take --name.'],
    [['revoke', '--file', 'F', '--name', 'a', '--models', 'b'], 'revoke does not take --models.'],
    [['create', '--name', 'a'], '--secret <arn> or --file <path>'],
    [['create', '--name', 'a', '--file', 'F', '--secret', 'S'], 'not both'],
    [['create', '--name', 'a', '--secret', 'my-secret'], '--secret must be the ARN'],
    [['create', '--name', 'é', '--file', 'F'], '--name must be 1 to 64'],
    [['create', '--name', 'a', '--file', 'F', '--expires', 'soon'], '--expires must be a date'],
    [['create', '--name', 'a', '--file', 'F', '--expires', '2020-01-01'], '--expires is in the past.'],
    [['create', '--name', 'a', '--file', 'F', '--models', ','], '--models names no model'],
    [['create', '--name', 'a', '--file', 'F', '--guardrail', 'g'], '--guardrail must be <id>:<version>'],
    [['create', '--name', 'a', '--file', 'F', '--guardrail', 'g:x'], 'must be a version number or DRAFT'],
    [['create', '--name', 'a', '--file', 'F', '--metadata', 'x'], '--metadata must be <name>=<value>'],
    [['create', '--name', 'a', '--file', 'F', '--metadata', 'x=é'], 'has a character that Bedrock refuses'],
    [
      ['create', '--name', 'a', '--file', 'F', '--techniques', 'bon,wat'],
      '--techniques: there is no technique wat. There are cot_reflection, bon,',
    ],
    [
      ['create', '--name', 'a', '--file', 'F', '--techniques', 'BON'],
      '--techniques: there is no technique BON.',
    ],
    [
      ['create', '--name', 'a', '--file', 'F', '--techniques', 'bon,none'],
      'there is no technique none. There are cot_reflection',
    ],
    [['create', '--name', 'a', '--file', 'F', '--techniques', ' , '], '--techniques names no technique.'],
    [['create', '--name', 'a', '--file', 'F', '--techniques', ''], '--techniques names no technique.'],
    ...['0', '-1', '1.5', '1e3', '0x10', 'many', '', '1000000'].map((value): [string[], string] => [
      ['create', '--name', 'a', '--file', 'F', `--max-calls=${value}`],
      `--max-calls must be a whole number from 1 to 999999, not ${value}.`,
    ]),
    [
      ['create', '--name', 'a', '--file', 'F', '--techniques', 'none', '--max-calls', '3'],
      '--max-calls says nothing beside --techniques none.',
    ],
    [['list', '--file', 'F', '--techniques', 'bon'], 'list does not take --techniques.'],
    [['revoke', '--name', 'a', '--file', 'F', '--max-calls', '3'], 'revoke does not take --max-calls.'],
    [['revoke', '--name', 'a', '--file', 'F'], 'There is no key named a. There are: none.'],
  ])('refuses %j: %s', async (args, message) => {
    const result = await run(args.map((arg) => (arg === 'F' ? file : arg)));
    expect(result).toMatchObject({ status: 2, out: '' });
    expect(result.err).toContain(message);
    await expect(stat(file)).rejects.toThrow();
  });

  it('refuses a name that is taken', async () => {
    await writeFile(file, 'sk-one');
    await run(['create', '--file', file, '--name', 'a']);
    for (const name of ['a', 'default']) {
      const result = await run(['create', '--file', file, '--name', name]);
      expect(result).toMatchObject({
        status: 2,
        out: '',
        err: expect.stringContaining(`named ${name} already`),
      });
    }
  });
});
