import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiName, Client, Snippet } from '../../../local/connect/clients/client.ts';
import { clients } from '../../../local/connect/clients/table.ts';
import { shellOf } from '../../../local/connect/shells/shell.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { makeHome, startProgram } from '../support/program.ts';

const model = 'us.anthropic.claude-sonnet-5-5';
/** Above this folder, whose programs bring older packages of the same names. */
const script = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const python = script('python/.venv/bin/python');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const machine = { home: '/', platform: 'linux' as const, env: {} };
const places = { ...machine, folder: '/', shell: shellOf('bash', machine) };
const codeOf = (client: Client, api: ApiName, baseUrl: string): readonly Snippet[] =>
  client.need({ api, model, baseUrl }, { in: 'environment' }, places).code ?? [];

/** langchain_anthropic is not among the packages that are installed here. */
const runs = clients.flatMap((client) =>
  client.apis.flatMap((api) =>
    codeOf(client, api, 'http://localhost')
      .filter(({ text }) => !text.includes('langchain_anthropic'))
      .map(({ language }) => ({ client, name: client.name, api, language })),
  ),
);

describe('the lines of code of `gateway connect`', () => {
  it.for(runs)('$name by $api, in $language', async ({ client, api, language }) => {
    const snippet = codeOf(client, api, stack.baseUrl).find((each) => each.language === language)!;
    const file = script(`snippet-${client.name}-${api}.${language === 'js' ? 'mjs' : 'py'}`);
    expect(existsSync(file)).toBe(false);
    await writeFile(file, snippet.text);
    const home = await makeHome();
    try {
      const program = startProgram({
        command: language === 'js' ? process.execPath : python,
        args: [file],
        home,
        env: { BEDROCK_GATEWAY_KEY: stack.apiKey },
        timeoutMs: 60_000,
      });
      program.closeInput();
      const { code, stderr } = await program.ended;
      expect({ code, stderr: stderr.slice(-2000) }).toMatchObject({ code: 0 });
      expect(stack.logs.map((line) => [line.api, line.status])).toEqual([[api, 200]]);
    } finally {
      await rm(file);
      await home.close();
    }
  });
});
