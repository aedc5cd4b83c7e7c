import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runGateway } from '../../local/command-line.ts';
import { compileCache } from '../support/compile-cache.ts';

const bin = fileURLToPath(new URL('../../bin/gateway.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** `gateway start` in a process of its own; resolves when it has printed its banner. */
async function start(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ child: ChildProcess; banner: string; errors: () => string }> {
  const child = spawn(process.execPath, [bin, 'start', ...args], {
    env: { PATH: process.env.PATH, ...compileCache, ...env },
  });
  children.push(child);
  let banner = '';
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  // Not `for await`, which closes the pipe when it is left: the next line of the log would end the process.
  child.stdout.on('data', (chunk) => (banner += String(chunk)));
  await expect.poll(() => banner, { timeout: 10_000, interval: 20 }).toMatch(/curl.*\n\n$/s);
  return { child, banner, errors: () => errors };
}

const withoutAws = {
  PORT: '0',
  API_KEY: 'sk-mine',
  HOME: '/nonexistent',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = { out: '', err: '' };
  const code = await runGateway(args, {
    stdout: { write: (text) => (io.out += text) },
    stderr: { write: (text) => (io.err += text) },
    env: process.env,
  });
  return { code, ...io };
}

describe('gateway start', () => {
  test('prints a base URL, a key and a curl line that streams an answer when pasted', async () => {
    const { banner } = await start({ PORT: '0' });
    expect(banner).toMatch(/base URL {2}http:\/\/localhost:\d+\/v1\n/);
    expect(banner).toMatch(/API key {3}sk-local-\S+\n/);
    const line = /curl.*$/s.exec(banner)?.[0].trim() ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', line.replace('curl', 'curl --silent')]);
    expect(stdout.match(/^data: \{/gm)?.length).toBeGreaterThan(3);
    expect(stdout.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  test('takes the key from API_KEY, says so, and ends cleanly when told', async () => {
    const { child, banner } = await start({ PORT: '0', API_KEY: 'sk-mine' });
    expect(banner).toContain('sk-mine');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  test('has the same key at the next start', async () => {
    const keyIn = ({ banner }: { banner: string }) => /API key {3}(sk-local-\S+)\n/.exec(banner)?.[1];
    const [first, second] = [await start({ PORT: '0' }), await start({ PORT: '0' })];
    expect(keyIn(second)).toBe(keyIn(first));
  });

  test('HOST opens it to other machines, and says how a container reaches it', async () => {
    const { banner } = await start({ PORT: '0', HOST: '0.0.0.0', API_KEY: 'sk-mine' });
    const port = /base URL {2}http:\/\/localhost:(\d+)\/v1\n/.exec(banner)?.[1];
    expect(banner).toContain(`http://host.docker.internal:${port}/v1`);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each && !each.internal && each.family === 'IPv4');
    if (outside) expect((await fetch(`http://${outside.address}:${port}/health`)).status).toBe(200);
    const closed = await start({ PORT: '0', API_KEY: 'sk-mine' });
    expect(closed.banner).not.toContain('host.docker.internal');
  });

  test.each(['x86_64-conda-linux-gnu', '0.0.0.0:8080', 'http://localhost'])(
    'HOST=%s is refused',
    async (host) => {
      const child = spawn(process.execPath, [bin, 'start'], {
        env: { PATH: process.env.PATH, ...compileCache, PORT: '0', HOST: host },
      });
      children.push(child);
      let errors = '';
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      const [code] = await once(child, 'exit');
      expect(code).toBe(1);
      expect(errors).toContain(`HOST is "${host}". It must be an address to listen on: 127.0.0.1`);
    },
  );

  test.each([
    [{}, true],
    [{ STORE: '' }, false],
  ])('keeps answers of Responses in memory, with %j: %s', async (env, store) => {
    const { banner } = await start({ PORT: '0', API_KEY: 'sk-mine', ...env });
    const port = /localhost:(\d+)/.exec(banner)?.[1];
    const answer = await fetch(`http://127.0.0.1:${port}/v1/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-mine' },
      body: JSON.stringify({ model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', input: 'Hello' }),
    });
    expect(await answer.json()).toMatchObject({ status: 'completed', store });
  });

  test('on AWS without credentials: says so, and what to do', async () => {
    const { banner, errors } = await start(withoutAws, '--aws');
    expect(banner).toContain('"model":"amazon.nova-lite-v1:0"');
    expect(banner).toContain('npx gateway models');
    await expect
      .poll(errors, { timeout: 10_000 })
      .toMatch(
        /Bedrock cannot be called yet: credentials: CredentialsProviderError\n {2}→ No AWS credentials were found\. .*AWS_PROFILE.*aws sso login/,
      );
  });

  test('on AWS with a Bedrock API key: says that it is used, or that it is not', async () => {
    const key = {
      ...withoutAws,
      AWS_BEARER_TOKEN_BEDROCK: 'ABSKlocal',
      DEFAULT_MODEL: 'amazon.nova-pro-v1:0',
    };
    const alone = await start(key, '--aws');
    expect(alone.banner).toContain('"model":"amazon.nova-pro-v1:0"');
    await expect.poll(alone.errors, { timeout: 10_000 }).toContain('credentials: the Bedrock API key');
    const beside = await start({ ...key, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's' }, '--aws');
    await expect.poll(beside.errors, { timeout: 10_000 }).toContain('is not used beside them');
  });

  // A port that is empty is none, as for `gateway connect --local`.
  test.each(['0', ' 0 ', ''])('says which setting is wrong, with the port %j', async (port) => {
    const child = spawn(process.execPath, [bin, 'start'], {
      env: { PATH: process.env.PATH, ...compileCache, PORT: port, RESIDENCY: 'moon' },
    });
    children.push(child);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(errors).toMatch(/^RESIDENCY .*global/);
  });

  test('says that a port is taken, and what to do', async () => {
    const { banner } = await start({ PORT: '0' });
    const port = /localhost:(\d+)/.exec(banner)?.[1] ?? '';
    const child = spawn(process.execPath, [bin, 'start'], {
      env: { PATH: process.env.PATH, ...compileCache, PORT: port },
    });
    children.push(child);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    await once(child, 'exit');
    expect(errors).toContain(`Port ${port} is taken`);
  });

  test.each([['--port'], ['8081']])('refuses %s, and says what it takes', async (argument) => {
    const { code, err } = await run('start', argument);
    expect(code).toBe(2);
    expect(err).toContain(argument);
    expect(err).toContain('PORT is the port (8080)');
  });
});

describe('the command line', () => {
  test('without a command, it tells what there is', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    for (const name of ['start', 'models', 'resolve', 'profiles', 'doctor', 'keys']) {
      expect(out).toContain(`gateway ${name}`);
    }
  });

  test.each(['--version', '-v', 'version'])('%s', async (argument) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const { code, out } = await run(argument);
    expect({ code, out }).toEqual({
      code: 0,
      out: `bedrock-gateway ${version} (Node ${process.versions.node})\n`,
    });
  });

  test.each([
    ['resolve', ['us.amazon.nova-pro-v1:0']],
    ['profiles', ['list']],
    ['profiles', ['delete', 'x']],
    ['profiles', ['create', '--name', 'x', '--from', 'us.amazon.nova-pro-v1:0']],
  ])('%s %j takes no region that is none', async (command, args) => {
    const { code, err } = await run(command, ...args, '--region', 'moon', '--simulator');
    expect(code).toBe(2);
    expect(err).toMatch(/^--region is "moon": it must be an AWS region, such as us-east-1\.\n/);
  });

  test.each(['keys', 'teams'])('%s without credentials says what to do', async (command) => {
    const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a';
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    const { code, err } = await run(command, 'list', '--secret', secret);
    vi.unstubAllEnvs();
    expect({ code, err }).toEqual({
      code: 1,
      err: 'No AWS credentials were found (npx gateway doctor says more). For keys in a file give --file.\n',
    });
  });

  test('an unknown command is refused', async () => {
    const { code, err } = await run('frobnicate');
    expect(code).toBe(2);
    expect(err).toContain("no command 'frobnicate'");
  });

  test('--simulator runs a command without an AWS account', async () => {
    const { code, out } = await run('resolve', 'us.amazon.nova-pro-v1:0', '--simulator');
    expect(code).toBe(0);
    expect(out).toContain('us.amazon.nova-pro-v1:0');
  });
});
