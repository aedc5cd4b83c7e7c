import { lstat, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { clients } from '../../../local/connect/clients/table.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { useSimulator } from '../../../local/use-simulator.ts';
import { type Machine, recordPath, startMachine } from './terminal.ts';

const key = 'sk-of-this-test';
const gateway = ['--url', 'https://gateway.example.com/v1', '--key', key, '--shell', 'bash'];

let machine: Machine;
beforeEach(async () => {
  machine = await startMachine();
});
afterEach(() => machine.close());

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('gateway connect', () => {
  test('lists the clients it knows, and which are connected', async () => {
    await machine.connect(['codex', ...gateway, '--write']);
    const { code, out } = await machine.connect([]);
    expect(code).toBe(0);
    for (const { name } of clients) expect(out).toMatch(new RegExp(`^${name} `, 'm'));
    expect(out.match(/connected$/gm)).toHaveLength(1);
    expect(out).toMatch(/^codex .* connected$/m);
  });

  test.each([
    [['nope'], 'nope is no client that is known. There are claude-code, codex,'],
    [['codex', 'pi'], 'connect takes one client: pi is one too many.'],
    [['--local'], 'For which client?'],
    [['codex', '--api', 'chat'], 'Codex CLI does not speak chat: it takes responses.'],
    [['codex', '--api', 'soap'], '--api is "soap": it must be one of chat, responses, messages.'],
    [['codex', '--shell', 'ksh'], '--shell is "ksh": it must be one of bash, zsh, fish, powershell, cmd.'],
    [['codex', '--url', 'x', '--local'], 'Give one of --url and --local.'],
    [['codex', '--write', '--remove'], 'Give one of --write and --remove.'],
    [
      ['codex', '--model', 'a b'],
      '--model must be printable ASCII without spaces, quotes, $ and backslashes.',
    ],
    [['codex', '--local', '--key', 'a"b'], '--key must be printable ASCII'],
    [['codex', '--region', 'moon'], '--region is "moon": it must be an AWS region, such as us-east-1.'],
    [['codex', '--frob'], "'--frob'"],
  ])('%j is not understood: %s', async (args, said) => {
    const { code, err, out } = await machine.connect(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(err).toContain('Usage: gateway connect');
  });

  test.each([
    ['https://a.example', 'https://a.example/v1'],
    ['https://a.example/v1/', 'https://a.example/v1'],
    ['http://localhost:8080/api/v1', 'http://localhost:8080/api/v1'],
    ['https://a.example/gateway/', 'https://a.example/gateway/v1'],
  ])('the address %s is %s', async (url, baseUrl) => {
    const { out } = await machine.connect(['codex', '--url', url, '--key', key]);
    expect(out).toContain(`base_url = "${baseUrl}"`);
  });

  test.each(['a.example', 'ftp://a.example', 'https://a.example/?x=1', 'https://me:secret@a.example'])(
    'the address %s is refused',
    async (url) => {
      const { code, err } = await machine.connect(['codex', '--url', url]);
      expect(code).toBe(1);
      expect(err).toContain('it must be an address such as https://gateway.example.com/v1.');
    },
  );

  test('the API is the model’s own where the client can choose', async () => {
    const apiOf = async (model: string) => {
      const { out } = await machine.connect(['opencode', ...gateway, '--model', model]);
      return /"npm": "(.*)"/.exec(out)?.[1];
    };
    expect(await apiOf('us.anthropic.claude-opus-5')).toBe('@ai-sdk/anthropic');
    expect(await apiOf('us.openai.gpt-6-sol')).toBe('@ai-sdk/openai');
    expect(await apiOf('openai.gpt-oss-120b-1:0')).toBe('@ai-sdk/openai-compatible');
    expect(await apiOf('amazon.nova-lite-v1:0')).toBe('@ai-sdk/openai-compatible');
  });

  test('without --model it is DEFAULT_MODEL', async () => {
    const { out } = await machine.connect(['codex', ...gateway], { DEFAULT_MODEL: 'fast' });
    expect(out).toContain('model = "fast"\n');
  });
});

describe('the key', () => {
  test.each(['bash', 'fish', 'powershell', 'cmd'])(
    'of the local server is printed as a command, in %s',
    async (shell) => {
      const { out } = await machine.connect(['codex', '--local', '--shell', shell]);
      expect(out).not.toMatch(/sk-/);
      expect(out).toMatch(/\.gateway-key/);
      expect(out).toContain('base_url = "http://localhost:8080/v1"');
    },
  );

  test('is shown where that is asked for', async () => {
    const env = { API_KEY: key, PORT: '9090' };
    const hidden = await machine.connect(['claude-code', '--local'], env);
    expect(hidden.out + hidden.err).not.toContain(key);
    const shown = await machine.connect(['claude-code', '--local', '--show-key'], env);
    expect(shown.out).toContain(`ANTHROPIC_AUTH_TOKEN=${key}\n`);
    expect(shown.out).toContain('ANTHROPIC_BASE_URL=http://localhost:9090\n');
  });

  test('comes from BEDROCK_GATEWAY_KEY beside --url, and is asked for only where it is needed', async () => {
    const url = ['--url', 'https://a.example/v1', '--shell', 'bash'];
    const printed = await machine.connect(['codex', ...url]);
    expect(printed.out).toContain("export BEDROCK_GATEWAY_KEY='<the key of the gateway>'");
    const none = await machine.connect(['codex', ...url, '--write']);
    expect(none).toMatchObject({
      code: 1,
      err: expect.stringContaining('give --key, or set BEDROCK_GATEWAY_KEY'),
    });
    expect(await machine.files()).toEqual({});
    const written = await machine.connect(['codex', ...url, '--write'], { BEDROCK_GATEWAY_KEY: key });
    expect(written.code).toBe(0);
    expect(written.out + written.err).not.toContain(key);
    expect((await machine.files())['~/.codex/.env']).toBe(`BEDROCK_GATEWAY_KEY=${key}\n`);
  });

  test('stands in files that only their owner may read, and not in the record', async () => {
    await machine.put('~/.claude/settings.json', '{}\n');
    const { out } = await machine.connect(['claude-code', ...gateway, '--write']);
    await machine.connect(['codex', ...gateway, '--write']);
    expect(out).toContain('it holds the key now: only you may read it');
    expect(await modeOf(join(machine.home, '.claude/settings.json'))).toBe('600');
    expect(await modeOf(join(machine.home, '.codex/.env'))).toBe('600');
    expect(await modeOf(join(machine.home, '.codex/config.toml'))).toBe('644');
    const record = recordPath.replace('~', machine.home);
    expect(await modeOf(record)).toBe('600');
    expect(await readFile(record, 'utf8')).not.toContain(key);
  });
});

describe('--write and --remove', () => {
  const config = '~/.codex/config.toml';

  test('a damaged file is named with its line, and nothing is written anywhere', async () => {
    await machine.put('~/.pi/agent/settings.json', '{\n  "theme": "dark"\n  "x": 1\n}\n');
    const before = await machine.files();
    const { code, err } = await machine.connect(['pi', ...gateway, '--write']);
    expect(code).toBe(1);
    expect(err).toContain(
      '~/.pi/agent/settings.json, line 3: no JSON: CommaExpected. Correct it first; nothing has been written.',
    );
    expect(await machine.files()).toEqual(before);
  });

  test('what is written in a form that cannot be edited is named, too', async () => {
    await machine.put(config, 'model_providers = { mine = { name = "x" } }\n');
    const { code, err } = await machine.connect(['codex', ...gateway, '--write']);
    expect(code).toBe(1);
    expect(err).toMatch(/config\.toml.* [Nn]othing has been written\./);
    expect((await machine.files())[config]).toBe('model_providers = { mine = { name = "x" } }\n');
  });

  test('what somebody has changed since is left, and named', async () => {
    await machine.put(config, 'model = "mine"\n');
    await machine.connect(['codex', ...gateway, '--write']);
    const text = (await machine.files())[config] ?? '';
    await machine.put(config, text.replace('model = "claude-sonnet-5-5"', 'model = "newer"'));
    const { code, out } = await machine.connect(['codex', '--remove']);
    expect(code).toBe(0);
    expect(out).toContain(`${config}: model has been changed since, and is left`);
    expect((await machine.files())[config]).toBe('model = "newer"\n');
  });

  test('another model changes the model, and --remove still brings back what was there first', async () => {
    await machine.put(config, "model = 'mine'\n");
    await machine.connect(['codex', ...gateway, '--write']);
    const first = (await machine.files())[config] ?? '';
    await machine.connect(['codex', ...gateway, '--model', 'amazon.nova-lite-v1:0', '--write']);
    expect((await machine.files())[config]).toBe(first.replace('claude-sonnet-5-5', 'amazon.nova-lite-v1:0'));
    await machine.connect(['codex', '--remove']);
    expect(await machine.files()).toEqual({ [config]: "model = 'mine'\n" });
  });

  test('another API takes the old one’s part out', async () => {
    await machine.connect(['qwen-code', ...gateway, '--api', 'chat', '--write']);
    await machine.connect(['qwen-code', ...gateway, '--api', 'messages', '--write']);
    const settings = JSON.parse((await machine.files())['~/.qwen/settings.json'] ?? '');
    expect(Object.keys(settings.modelProviders)).toEqual(['anthropic']);
  });

  test('the file that is there is the one that is written', async () => {
    await machine.put('~/.config/opencode/opencode.jsonc', '// mine\n{}\n');
    await machine.connect(['opencode', ...gateway, '--write']);
    const files = await machine.files();
    expect(files['~/.config/opencode/opencode.jsonc']).toMatch(/^\/\/ mine\n\{\n {2}"provider"/);
    expect(files).not.toHaveProperty(['~/.config/opencode/opencode.json']);
  });

  test('a link is followed and stays a link', async () => {
    await machine.put('./dotfiles/config.toml', '# mine\n');
    await machine.put('~/.codex/x', '');
    await symlink(join(machine.folder, 'dotfiles/config.toml'), join(machine.home, '.codex/config.toml'));
    await machine.connect(['codex', ...gateway, '--write']);
    expect((await lstat(join(machine.home, '.codex/config.toml'))).isSymbolicLink()).toBe(true);
    expect((await machine.files())['./dotfiles/config.toml']).toContain('model_provider');
  });

  test('a link to a file that is not there yet makes that file, and stays a link', async () => {
    await machine.put('./dotfiles/x', '');
    await machine.put('~/.codex/x', '');
    await symlink('../../work/dotfiles/new/config.toml', join(machine.home, '.codex/config.toml'));
    await machine.connect(['codex', ...gateway, '--write']);
    expect((await lstat(join(machine.home, '.codex/config.toml'))).isSymbolicLink()).toBe(true);
    expect((await machine.files())['./dotfiles/new/config.toml']).toContain('model_provider');
  });

  describe.each([
    ['claude-code', '~/.claude/settings.json', '{\n  // mine\n  "env": {\n    "A": "b"\n  }\n}\n'],
    ['codex', config, '# mine\nmodel = "x"\n\n[features]\na = true # b\n'],
    ['aider', '~/.aider.conf.yml', '# mine\nmodel: x # y\n\nread:\n  - a\n'],
    ['llm', '~/.config/io.datasette.llm/extra-openai-models.yaml', '- model_id: a\n  model_name: b\n'],
    ['openai', './.env', 'A=b\nexport C="d"\n'],
    ['copilot-cli', '~/.bashrc', 'alias x=y\nexport A=b\n'],
  ])(
    '%s: a file is written as it was before, and is the same to the byte when all is taken out',
    (client, path, text) => {
      const windows = (each: string) => each.replaceAll('\n', '\r\n');
      test.each([
        ['with a byte order mark', `\uFEFF${text}`],
        ['with line breaks of Windows', windows(text)],
        ['with both', `\uFEFF${windows(text)}`],
        ['without a line break at its end', text.trimEnd()],
        ['with nothing in it', ''],
        ['with nothing but white space', '\r\n'],
        ['with nothing but the mark', '\uFEFF'],
      ])('%s', async (_, before) => {
        await machine.put(path, before);
        expect((await machine.connect([client, ...gateway, '--write'])).code).toBe(0);
        const written = (await machine.files())[path] ?? '';
        expect(written).not.toBe(before);
        expect(written.startsWith('\uFEFF')).toBe(before.startsWith('\uFEFF'));
        if (before.includes('\r\n')) expect(written).not.toMatch(/(?<!\r)\n/);
        await machine.connect([client, ...gateway, '--write']);
        expect((await machine.files())[path]).toBe(written);
        await machine.connect([client, '--remove']);
        expect(await machine.files()).toEqual({ [path]: before });
      });
    },
  );

  test('folders by the clients’ own variables', async () => {
    const env = { CODEX_HOME: join(machine.folder, 'codex'), XDG_STATE_HOME: join(machine.folder, 'state') };
    await machine.connect(['codex', ...gateway, '--write'], env);
    expect(Object.keys(await machine.files()).sort()).toEqual([
      './codex/.env',
      './codex/config.toml',
      './state/bedrock-gateway/connected.json',
    ]);
  });

  test('clients that share a file: the last one takes the key out, whoever comes first', async () => {
    await machine.put('./.env', 'MINE=1\n');
    const newer = ['--url', 'https://b.example/v1', '--key', 'sk-newer'];
    for (const order of [
      ['openai', 'ai-sdk'],
      ['ai-sdk', 'openai'],
    ]) {
      await machine.connect(['openai', ...gateway, '--write']);
      await machine.connect(['ai-sdk', ...newer, '--write']);
      await machine.connect([order[0]!, '--remove']);
      expect((await machine.files())['./.env']).toBe('MINE=1\nBEDROCK_GATEWAY_KEY=sk-newer\n');
      expect((await machine.files())['./.env.before-bedrock-gateway']).toBe('MINE=1\n');
      await machine.connect([order[1]!, '--remove']);
      expect(await machine.files()).toEqual({ './.env': 'MINE=1\n' });
    }
  });

  test('clients that are connected and removed at the same time are all noted, and all removed', async () => {
    await machine.put('./.env', 'MINE=1\n');
    const names = ['openai', 'ai-sdk', 'anthropic', 'codex', 'pi'];
    const all = (...options: string[]) =>
      Promise.all(names.map((name) => machine.connect([name, ...options])));
    expect((await all(...gateway, '--write')).map(({ code }) => code)).toEqual(names.map(() => 0));
    expect((await machine.connect([])).out.match(/connected$/gm)).toHaveLength(names.length);
    expect((await machine.files())['./.env']).toBe('MINE=1\nBEDROCK_GATEWAY_KEY=sk-of-this-test\n');
    await all('--remove');
    expect(await machine.files()).toEqual({ './.env': 'MINE=1\n' });
  });

  test('two projects have a file each, and each is removed in its own folder', async () => {
    await machine.connect(['openai', ...gateway, '--write']);
    const other = join(machine.folder, 'other');
    await machine.put('./other/x', '');
    await machine.connect(['openai', ...gateway, '--write'], {}, other);
    expect(Object.keys(await machine.files())).toEqual(['./.env', './other/.env', './other/x']);
    const { out } = await machine.connect(['openai', '--remove'], {}, other);
    expect(out).toBe('removed    ./other/.env\nleft       ./.env, which is of another folder\n');
    await machine.connect(['openai', '--remove']);
    expect(Object.keys(await machine.files())).toEqual(['./other/x']);
  });

  test('what is in a shell’s file is found again from another shell', async () => {
    await machine.put('~/.zshrc', '# mine\n');
    await machine.connect(['copilot-cli', ...gateway.slice(0, 4), '--shell', 'zsh', '--write']);
    expect((await machine.files())['~/.zshrc']).toContain('export COPILOT_MODEL=');
    await machine.connect(['copilot-cli', '--remove', '--shell', 'fish']);
    expect(await machine.files()).toEqual({ '~/.zshrc': '# mine\n' });
  });

  test('a record that is damaged is not written over', async () => {
    await machine.put(recordPath, '{"version":2}');
    const { code, err } = await machine.connect(['codex', ...gateway, '--write']);
    expect(code).toBe(1);
    expect(err).toContain('connected.json is damaged or of a newer version.');
    expect(await machine.files()).toEqual({});
  });

  test('a shell without a file of its own', async () => {
    const { code, err } = await machine.connect([
      'copilot-cli',
      ...gateway.slice(0, 4),
      '--shell',
      'cmd',
      '--write',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('Copilot CLI has no file for this on cmd: paste what is printed without --write.');
  });
});

describe('the deployed gateway', () => {
  let simulator: Simulator;
  const secret = 'sk-deployed-gateway';
  const start = async (content: string) => {
    simulator = await startSimulator({
      deployment: { baseUrl: 'https://x.lambda-url.us-east-1.on.aws/v1', secret: content },
    });
    const env: Record<string, string> = {};
    useSimulator(simulator.url, env);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  };
  beforeAll(() => start(secret));
  afterEach(() => simulator.reset());
  afterAll(async () => {
    vi.unstubAllEnvs();
    await simulator.close();
  });

  const operations = () => simulator.calls.map(({ operation }) => operation);

  test('by the outputs of its stack; the key by a command, and its secret is not read', async () => {
    const { code, out, err } = await machine.connect(['claude-code', '--shell', 'zsh']);
    expect(code).toBe(0);
    expect(err).toContain('the stack BedrockGateway in us-east-1');
    expect(out).toContain('export ANTHROPIC_BASE_URL=https://x.lambda-url.us-east-1.on.aws\n');
    expect(out).toMatch(
      /export ANTHROPIC_AUTH_TOKEN="\$\(aws secretsmanager get-secret-value --region us-east-1 --secret-id arn:.*\)"\n/,
    );
    expect(out).not.toContain(secret);
    expect(operations()).toEqual(['DescribeStacks']);
  });

  test.each(['powershell', 'cmd'])('in %s by the AWS CLI alone', async (shell) => {
    const { out } = await machine.connect(['claude-code', '--shell', shell]);
    expect(out).toMatch(/aws secretsmanager get-secret-value .* --query SecretString --output text/);
    expect(out).not.toContain('sed');
  });

  test('--write reads the secret and shows nothing of it', async () => {
    const { code, out, err } = await machine.connect(['codex', '--write']);
    expect({ code, shown: (out + err).includes(secret) }).toEqual({ code: 0, shown: false });
    expect((await machine.files())['~/.codex/.env']).toBe(`BEDROCK_GATEWAY_KEY=${secret}\n`);
    expect(operations()).toEqual(['DescribeStacks', 'GetSecretValue']);
  });

  test.each([
    [['--stack', 'Other'], 'There is no stack Other in us-east-1. Deploy it (npx cdk deploy)'],
    [['--region', 'eu-west-1'], 'There is no stack BedrockGateway in eu-west-1.'],
  ])('%j: %s', async (args, said) => {
    const { code, err } = await machine.connect(['codex', ...args]);
    expect(code).toBe(1);
    expect(err).toContain(said);
    expect(err).toContain('--local');
  });

  test('permissions that are missing', async () => {
    simulator.failing.set('GetSecretValue', 'AccessDeniedException');
    const unread = await machine.connect(['codex', '--write']);
    expect(unread.err).toContain('Allow secretsmanager:GetSecretValue on it, or give --key.');
    simulator.failing.set('DescribeStacks', 'AccessDeniedException');
    const unseen = await machine.connect(['codex']);
    expect(unseen.err).toContain('allow cloudformation:DescribeStacks.');
    expect(unseen.err).not.toMatch(/\d{12}/);
    expect(await machine.files()).toEqual({});
  });

  test('a secret with one key in JSON, and one that holds digests alone', async () => {
    await simulator.close();
    await start('{"api_key":"sk-in-json"}');
    const { out } = await machine.connect(['claude-code', '--show-key']);
    expect(out).toContain('ANTHROPIC_AUTH_TOKEN=sk-in-json\n');
    await simulator.close();
    await start('{"keys":[]}');
    const { err } = await machine.connect(['claude-code', '--show-key']);
    expect(err).toContain('The secret holds digests of keys and no key.');
  });
});
