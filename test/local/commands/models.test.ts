import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { run as doctor } from '../../../local/commands/doctor.ts';
import { run as models } from '../../../local/commands/models.ts';
import { run as profiles } from '../../../local/commands/profiles.ts';
import { run as resolve } from '../../../local/commands/resolve.ts';
import type { Command } from '../../../local/io.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { simulatorEnv } from '../../lambda/models/simulated.ts';

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

describe('gateway models', () => {
  test('a name that it does not look for is said, not passed over', async () => {
    expect(await terminal(models, ['claude'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('What claude is, says gateway resolve.'),
    });
  });

  test('a table', async () => {
    const { code, out, err } = await terminal(models, []);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^Optimisation techniques .*bon-<model>.*gateway resolve.*ENABLE_OPTIMISATION is not set/,
    );
    const [heading = '', ...lines] = out.trimEnd().split('\n');
    expect(heading).toMatch(/^MODEL +TYPE +REGIONS +BEHIND IT +CONTEXT +OUTPUT +\$ IN +\$ OUT +STATUS$/);
    expect(lines.length).toBeGreaterThan(50);
    const ids = lines.map((line) => line.slice(0, heading.indexOf('TYPE')).trim());
    expect(ids).toEqual([...ids].sort(new Intl.Collator('en', { numeric: true }).compare));
    const column = heading.indexOf('TYPE');
    const line = (id: string) => lines.find((text) => text.startsWith(`${id} `));
    expect(line('team-search')?.slice(column)).toMatch(
      /^application-profile +us-east-1 +anthropic\.claude-haiku-4-5-20251001-v1:0 +200,000 +TEXT +1\.1 +5\.5 +ACTIVE$/,
    );
    expect(line('ai21.jamba-1-5-mini-v1:0')).toBeUndefined();
    const all = await terminal(models, ['--all']);
    expect(all.out).toMatch(/^ai21\.jamba-1-5-mini-v1:0 .* END_OF_LIFE$/m);
    expect(line('gpt-oss-support-id:custom.c3d4e5f6a7b8')).toMatch(
      / imported +us-east-1 +- +- +TEXT +- +- +-$/,
    );
  });

  test('--json is what the API answers; filters as there; denied listings are told', async () => {
    simulator.failing.set('ListPromptRouters', 'AccessDeniedException');
    const { code, out, err } = await terminal(models, ['--json', '--type', 'alias,custom'], {
      MODEL_ALIASES: '{"fast":"amazon.nova-lite-v1:0"}',
    });
    expect(code).toBe(0);
    const list = JSON.parse(out) as { object: string; data: { id: string; object: string }[] };
    expect(list.object).toBe('list');
    expect(list.data.map((model) => model.id)).toEqual(['fast', 'nova-tickets-id:custom.f6a7b8c9d0e1']);
    expect(err).toBe(
      'Warning: prompt routers in us-east-1 are missing: AccessDeniedException; allow bedrock:ListPromptRouters\n',
    );
  });

  test('nothing at all could be listed: it failed', async () => {
    const { code, err } = await terminal(models, [], { AWS_ACCESS_KEY_ID: 'AKIAEXPIRED000000000' });
    expect(code).toBe(1);
    expect(err).toContain('ExpiredTokenException');
  });

  test.each([
    ['models', models],
    ['resolve', resolve],
    ['profiles', profiles],
    ['doctor', doctor],
  ])('%s --help', async (name, command) => {
    const { code, out, err } = await terminal(command, ['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: gateway ${name}`);
  });

  test('wrong options', async () => {
    const wrong = await terminal(models, ['--jsn']);
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain("'--jsn'");
    expect(wrong.err).toContain('Usage: gateway models');
  });

  test('settings that cannot be used are named', async () => {
    const { code, err } = await terminal(models, [], { RESIDENCY: 'moon' });
    expect(code).toBe(1);
    expect(err).toMatch(/^RESIDENCY is "moon"/);
  });
});

describe('gateway resolve', () => {
  test('what it becomes and why', async () => {
    const { code, out } = await terminal(resolve, ['gpt-4o'], { MODEL_ALIASES: '{"gpt-4o":"team-search"}' });
    expect(code).toBe(0);
    expect(out).toContain('application-inference-profile/1arbu5hu2sjr');
    expect(out).toMatch(/model behind it +anthropic\.claude-haiku-4-5-20251001-v1:0\n/);
    expect(out).toMatch(
      /Why:\n {2}1\. MODEL_ALIASES: `gpt-4o` is `team-search`\n {2}2\. the catalogue has it/,
    );
  });

  test('what it costs: long inputs and tiers too, prices of the settings, and what is not known', async () => {
    const of = async (name: string, env = {}) => (await terminal(resolve, [name], env)).out;
    expect(await of('global.anthropic.claude-haiku-5-5')).toMatch(
      /price +\$ for a million tokens: input 0\.1, output 0\.5, cache read 0\.01, .* \(global, since 2026-11-20\)\nlong input +above 100,000: input 0\.5,/,
    );
    expect(await of('global.anthropic.claude-sonnet-4-5-20250929-v1:0')).toMatch(
      /priced tiers +batch\nends +2027-04-08\n/,
    );
    const own = { PRICES: '{"amazon.nova-lite-v1:0":{"input":"0.05"}}' };
    expect(await of('amazon.nova-lite-v1:0', own)).toMatch(/input 0\.05, .*\(region, since override\)/);
    const imported = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/b2c3d4e5f6a7';
    expect(await of(imported)).toMatch(/price +not known\n/);
    const wrong = await terminal(resolve, ['x'], { PRICES: '{"x":{"input":"much"}}' });
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('PRICES "x" "input" is "much"')]);
  });

  test('--json and --region', async () => {
    const { out } = await terminal(resolve, ['--json', '--region', 'eu-west-1', 'eu.amazon.nova-lite-v1:0']);
    expect(JSON.parse(out)).toMatchObject({
      target: { id: 'eu.amazon.nova-lite-v1:0', region: 'eu-west-1' },
      reasons: [expect.stringContaining('system inference profile')],
      price: { input: '0.000000078', scope: 'eu', from: '2026-11-20' },
    });
  });

  test('--capabilities: the row of the model', async () => {
    const { out } = await terminal(resolve, ['--capabilities', 'us.openai.gpt-6-sol']);
    expect(out).toMatch(/\nCapabilities:\n {2}family +gpt\n/);
    expect(out).toMatch(/\n {2}toolChoice +\{"any":true,"tool":true\}\n/);
    expect(out).not.toContain('undefined');
  });

  describe('of a name with an optimisation technique', () => {
    const nova = 'amazon.nova-lite-v1:0';
    const on = { ENABLE_OPTIMISATION: 'true' };
    const off = 'ENABLE_OPTIMISATION is not set';

    test.each<[string, Record<string, string>, RegExp[]]>([
      [`bon-${nova}`, on, [/technique +bon\n/, /runs +bon\n/, /model calls +6, of 32/, /depth +2 calls/]],
      [
        ` privacy & ( re2 | bon(n=5) ) -${nova}`,
        on,
        [
          /technique +privacy&\(re2\|bon\(n=5\)\)\n/,
          /answer 1 +privacy, then re2\nanswer 2 +privacy, then bon\(n=5\)\n/,
          /model calls +11, of 32/,
          /depth +2 calls/,
        ],
      ],
      [`memory&moa-${nova}`, on, [/model calls +at least 5, of 32/, /depth +3–4 calls/]],
      ['thinker', { ...on, MODEL_ALIASES: `{"thinker":"bon-${nova}"}` }, [/technique +bon\n/]],
      [`rstar-${nova}`, { ...on, OPTIMISATION_MAX_CALLS: '12' }, [/model calls +5–20, of 12/]],
    ])('%j with %j: what runs, how far it may go, and on which model', async (name, env, texts) => {
      const { code, out } = await terminal(resolve, [name], env);
      expect(code).toBe(0);
      for (const text of [...texts, /keys +.*gateway keys list/, /called with +amazon\.nova-lite-v1:0\n/])
        expect(out).toMatch(text);
      expect(out).not.toContain('Warning');
    });

    test.each<[string, Record<string, string>, string[]]>([
      [`bon&re2-${nova}`, {}, [off]],
      [`moa-${nova}`, { ...on, OPTIMISATION_TECHNIQUES: 'bon' }, ['OPTIMISATION_TECHNIQUES leaves moa out']],
      [`executecode-${nova}`, { ...on, EXECUTECODE_ENGINE: 'off' }, ['EXECUTECODE_ENGINE is off']],
      [`pvg(rounds=4)-${nova}`, on, ['it makes at least 51 calls, and OPTIMISATION_MAX_CALLS is 32']],
    ])('%j with %j: why it would be refused here', async (name, env, refusals) => {
      const { out } = await terminal(resolve, [name], env);
      for (const why of refusals)
        expect(out).toContain(`Warning: a request for it is refused here: ${why}\n`);
      const json = JSON.parse((await terminal(resolve, ['--json', name], env)).out);
      expect(json).toMatchObject({ technique: { refusals }, target: { id: nova } });
    });

    test.each([nova, `none-${nova}`])('%s asks for none', async (name) => {
      const { out } = await terminal(resolve, ['--json', name], on);
      expect(Object.keys(JSON.parse(out))).toEqual(['target', 'reasons', 'price']);
    });

    test.each([
      [`foo&bon-${nova}`, /There is no technique `foo`\. There are .*bon/],
      [`bon&-${nova}`, /has a mistake at character 5/],
      [`bon(n=9)-${nova}`, /The parameter n of `bon` must be a whole number from 1 to 8, but is 9/],
      [`bon(k=2)-${nova}`, /`bon` has no parameter k\. It has n \(1 to 8\)/],
      [`bon-moa-${nova}`, /Write `bon&moa-amazon\.nova-lite-v1:0` .* `bon\|moa-amazon\.nova-lite-v1:0`/],
    ])('%j is refused as a request for it is', async (name, message) => {
      const { code, out, err } = await terminal(resolve, [name], on);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(message);
    });
  });

  test('an imported model for InvokeModel, and warnings', async () => {
    simulator.failing.set('GetImportedModel', 'AccessDeniedException');
    const { out } = await terminal(resolve, [
      'arn:aws:bedrock:us-east-1:123456789012:imported-model/b2c3d4e5f6a7',
    ]);
    expect(out).toMatch(/through +InvokeModel, format openai-chat\n/);
    expect(out).toMatch(/\nWarning: nothing is known of the imported model .*IMPORTED_MODEL_FORMATS/);
  });

  test('a name that nothing has', async () => {
    const { code, out, err } = await terminal(resolve, ['nova-lit']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Perhaps you mean');
  });

  test.each([[[]], [['a', 'b']]])('%j: exactly one name', async (args) => {
    const { code, err } = await terminal(resolve, args);
    expect(code).toBe(2);
    expect(err).toContain('Usage: gateway resolve');
  });
});

describe('gateway profiles create', () => {
  test.each([
    ['a system profile', 'us.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['a model that can be called', 'amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    [
      'a model that needs a profile',
      'anthropic.claude-haiku-4-5-20251001-v1:0',
      'anthropic.claude-haiku-4-5-20251001-v1:0',
    ],
    ['a short name', 'claude-haiku-4-5', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
    ['an ARN', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
  ])('from %s; the new profile then resolves', async (_, from, underlying) => {
    const made = await terminal(profiles, [
      'create',
      '--name',
      'team new',
      '--from',
      from,
      '--tag',
      'team=a=b',
    ]);
    expect(made.err).toMatch(/^Created team new from /);
    expect(made).toMatchObject({ code: 0 });
    expect(made.out).toMatch(/^arn:aws:bedrock:us-east-1:123456789012:application-inference-profile\/\w+\n$/);
    const create = simulator.calls.find((call) => call.operation === 'CreateInferenceProfile');
    expect(create?.body).toMatchObject({
      inferenceProfileName: 'team new',
      modelSource: { copyFrom: expect.stringMatching(/^arn:aws:bedrock:/) },
      tags: [{ key: 'team', value: 'a=b' }],
    });
    const { out } = await terminal(resolve, ['--json', 'team new']);
    expect(JSON.parse(out)).toMatchObject({ target: { id: made.out.trim(), underlying } });
  });

  test('what Bedrock refuses is told', async () => {
    const { code, err } = await terminal(profiles, [
      'create',
      '--name',
      '???',
      '--from',
      'us.amazon.nova-lite-v1:0',
    ]);
    expect(code).toBe(1);
    expect(err).toMatch(/^ValidationException: /);
  });

  test.each([
    [[], '`create`'],
    [['rename'], '`create`'],
    [['delete'], 'one profile'],
    [['delete', 'a', 'b'], 'one profile'],
    [['delete', 'a', '--name', 'b'], '--name'],
    [['list', 'a'], 'takes no a'],
    [['create', '--json'], '--json'],
    [['create', '--name', 'x'], '--from'],
    [['create', '--name', 'x', '--from', 'y', '--tag', 'z'], 'KEY=VALUE'],
  ])('%j is no command', async (args, reason) => {
    const { code, err } = await terminal(profiles, args);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });
});

describe('gateway profiles list and delete', () => {
  const list = async (...more: string[]) => {
    const { out } = await terminal(profiles, ['list', '--json', ...more]);
    return (JSON.parse(out) as { inferenceProfileName: string }[]).map((each) => each.inferenceProfileName);
  };

  test('what there is, by name', async () => {
    const { code, out } = await terminal(profiles, ['list']);
    const [heading = '', ...lines] = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(heading).toMatch(/^NAME +MODEL +REGION +CREATED +ARN$/);
    const names = lines.map((line) => line.split('  ')[0] ?? '');
    expect(names).toContain('team-search');
    expect(names).toEqual([...names].sort());
    expect(out).not.toContain('us.anthropic.');
  });

  test('nothing in another region', async () => {
    expect(await list('--region', 'eu-west-1')).toEqual([]);
  });

  test.each([
    ['by name', (_: string) => 'for deletion'],
    ['by ARN', (arn: string) => arn],
    ['by id', (arn: string) => arn.replace(/^.*\//, '')],
  ])('deletes %s, and that one only', async (_, wanted) => {
    const before = await list();
    const made = await terminal(profiles, [
      'create',
      '--name',
      'for deletion',
      '--from',
      'us.amazon.nova-lite-v1:0',
    ]);
    const arn = made.out.trim();
    expect(await list()).toEqual([...before, 'for deletion'].sort());
    const { code, out } = await terminal(profiles, ['delete', wanted(arn)]);
    expect({ code, out }).toEqual({ code: 0, out: `Deleted for deletion in us-east-1: ${arn}\n` });
    expect(await list()).toEqual(before);
    expect(simulator.calls.filter((call) => call.operation === 'DeleteInferenceProfile')).toHaveLength(1);
    expect((await terminal(profiles, ['delete', wanted(arn)])).code).toBe(1);
  });

  test('one of the account’s own can be deleted, one of AWS’s is not found', async () => {
    expect((await terminal(profiles, ['delete', 'team-search'])).code).toBe(0);
    expect(await list()).not.toContain('team-search');
    const system = await terminal(profiles, ['delete', 'us.amazon.nova-lite-v1:0']);
    expect(system).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no application inference profile'),
    });
    expect(simulator.calls.filter((call) => call.operation === 'DeleteInferenceProfile')).toHaveLength(1);
  });

  test('a name that two regions have is not guessed at', async () => {
    const create = (region: string) =>
      terminal(profiles, [
        'create',
        '--name',
        'twins',
        '--from',
        'amazon.nova-lite-v1:0',
        '--region',
        region,
      ]);
    const arns = [(await create('us-east-1')).out.trim(), (await create('us-west-2')).out.trim()];
    const regions = { GATEWAY_REGIONS: 'us-east-1,us-west-2' };
    const both = await terminal(profiles, ['delete', 'twins'], regions);
    expect(both.code).toBe(1);
    for (const arn of arns) expect(both.err).toContain(arn);
    const one = await terminal(profiles, ['delete', 'twins', '--region', 'us-west-2'], regions);
    expect(one.out).toContain(arns[1]);
  });
});
