import { afterAll, expect, test } from 'vitest';
import { withoutTerminal } from './chat/asking.ts';
import { startMachine } from './connect/terminal.ts';

const person = withoutTerminal('http://127.0.0.1:9');
afterAll(() => person.remove());

const secret = 'sk-secretA\nsk-secretB';
test.each([
  ['GATEWAY_API_KEY', ['chat', '--url', 'http://127.0.0.1:9/v1', '-m', 'x', 'hi']],
  ['OPENAI_API_KEY', ['batch', 'status', 'batch_1', '--base-url', 'http://127.0.0.1:9/v1']],
  ['BEDROCK_GATEWAY_KEY', ['connect', 'codex', '--url', 'http://127.0.0.1:9/v1', '--check']],
  ['API_KEY', ['connect', 'codex', '--local', '--check']],
])('%s with a line break is named, and not shown', async (variable, args) => {
  const { code, out, err } = await person.run(args, { env: { [variable]: secret } });
  expect(code).toBe(2);
  expect(err).toContain(`${variable} holds no key of a gateway`);
  expect(out + err).not.toContain('secret');
});

test.each(['codex', 'claude-code', 'opencode', 'cline', 'continue', 'pi', 'llm'])(
  'connect %s: a variable that is empty says nothing',
  async (client) => {
    const machine = await startMachine();
    const names = [
      'XDG_CONFIG_HOME',
      'XDG_DATA_HOME',
      'XDG_STATE_HOME',
      'CODEX_HOME',
      'CLAUDE_CONFIG_DIR',
      'LLM_USER_PATH',
      'DEFAULT_MODEL',
      'PORT',
      'ZDOTDIR',
    ];
    const env = Object.fromEntries(names.map((name) => [name, '']));
    const args = [client, '--url', 'http://g.example/v1', '--key', 'sk-x', '--shell', 'bash', '--write'];
    expect((await machine.connect(args, env)).code).toBe(0);
    const written = Object.keys(await machine.files());
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((path) => !path.startsWith('~/'))).toEqual([]);
    expect((await machine.connect([client, '--remove'], env)).out).not.toContain('Nothing to remove');
    await machine.close();
  },
);
