import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clients } from '../../../local/connect/clients/table.ts';
import { runConnect } from '../../../local/connect/run-connect.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startFence } from '../support/fence.ts';
import { type Home, makeHome, startProgram } from '../support/program.ts';
import { countsOf } from '../support/report.ts';
import { refusalsOf } from '../support/upstream.ts';
import { type ClientProgram, programs } from './programs.ts';

const model = 'us.anthropic.claude-sonnet-5-5';
const prompt = '[[say:Here I am.]] Are you there?';
/** As the gateway's log calls its APIs. */
const logged = { chat: 'chat', responses: 'responses', messages: 'messages' } as const;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

async function connect(home: Home, ...args: string[]): Promise<string> {
  let said = '';
  const stream = { write: (text: string) => (said += text) };
  const io = { stdout: stream, stderr: stream, env: { HOME: home.home } };
  expect(await runConnect(args, io, home.work), said).toBe(0);
  return said;
}

/** Runs a client in a shell that has started as a person's does. */
async function ask({ command, env }: ClientProgram, home: Home, more: Record<string, string>) {
  const fence = await startFence();
  const profile = join(home.home, '.bashrc');
  const start = `${existsSync(profile) ? `. '${profile}'; ` : ''}exec "$@"`;
  const program = startProgram({
    command: 'bash',
    args: ['-c', start, 'bash', ...command, prompt],
    home,
    env: { ...fence.env, TERM: 'dumb', ...env, ...more },
    // opencode and Kilo try to reach npm for half a minute before they begin.
    timeoutMs: 150_000,
  });
  program.closeInput();
  const { stdout, stderr } = await program.ended;
  await fence.close();
  return { text: `${stdout}\n${stderr}`, attempts: [...new Set(fence.attempts)] };
}

const runs = programs.flatMap((program) => {
  const client = clients.find(({ name }) => name === program.name)!;
  const files = client.apis.map((api) => ({ program, client, api, args: [] as string[], key: 'its files' }));
  const inEnv = { program, client, api: client.apis[0], args: ['--key-in-env'], key: client.keyVariable };
  return client.keyMayStayOut ? [...files, inEnv] : files;
});

describe('as `gateway connect --write` sets it up', () => {
  it.for(runs)(
    '$program.name asks by $api, with the key in $key',
    async ({ program, client, api, args }, { annotate }) => {
      const home = await makeHome();
      try {
        const gateway = ['--url', stack.baseUrl, '--key', stack.apiKey, '--model', model, '--shell', 'bash'];
        await connect(home, client.name, ...gateway, '--api', api, '--write', ...args);
        const keyInEnv = args.length > 0 ? { [client.keyVariable]: stack.apiKey } : undefined;
        const { text, attempts } = await ask(program, home, keyInEnv ?? {});
        expect(text).toContain('Here I am.');
        expect(new Set(stack.logs.map((line) => line.status))).toEqual(new Set([200]));
        expect(stack.logs.map((line) => line.api)).toContain(logged[api]);
        expect(stack.logs.map(({ modelAsked }) => modelAsked)).toContain(model);
        expect(refusalsOf(stack.simulator.calls)).toEqual([]);

        // A client may have added to its files, so that they stay; what came from here is gone.
        await connect(home, client.name, '--remove');
        stack.logs.length = 0;
        await annotate(
          `${client.verified} · ${api}: ${countsOf(stack.simulator.calls)}${attempts.length > 0 ? `; wanted to reach ${attempts.join(', ')}` : ''}`,
        );
      } finally {
        await home.close();
      }
    },
  );
});
