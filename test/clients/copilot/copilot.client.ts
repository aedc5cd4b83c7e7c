import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { models as all } from '../libraries/responses-models.ts';
import { expectReasoning } from '../support/kept.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn, toolsIn } from '../support/upstream.ts';
import { type CopilotSession, openCopilot } from './session.ts';

const program = `Copilot ${versionOf('@github/copilot')}`;
const oneCall = '[[call:bash {"command":"echo hello","description":"Say hello"}]] Say hello.';
const twoCalls =
  '[[call:bash {"command":"echo one","description":"One"}]] [[call:bash {"command":"exit 3","description":"Fail"}]] Go on.';

let stack: Stack;
let copilot: CopilotSession | undefined;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
  return async () => {
    await copilot?.close();
    copilot = undefined;
  };
});
afterAll(() => stack.close());

async function open(model: string): Promise<CopilotSession> {
  copilot = await openCopilot({ url: stack.baseUrl, apiKey: stack.apiKey, model });
  return copilot;
}

/** It asks for no effort, so that a model which thinks only when it is asked to does not. */
const models = all.filter(({ model }) => !model.includes('sonnet-4-5'));

describe('Copilot without GitHub', () => {
  it.for(models)('works with tools, on $model', async (asked, { annotate }) => {
    const session = await open(asked.model);
    const { calls } = stack.simulator;
    const first = await session.say(oneCall);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('The tool answered: hello') });
    expectReasoning(chatCalls(calls).at(-1)!, asked, 1);

    const second = await session.say(twoCalls);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('exit code 3') });
    const last = chatCalls(calls).at(-1)!;
    const results = resultsIn(last).map(({ text }) => text);
    expect(results).toHaveLength(3);
    expect(results[1]).toContain('one');
    expect(results[2]).toContain('exit code 3');
    // It keeps the reasoning of an answer until it ends, and calls with their ids for longer. GPT's carry nothing.
    expectReasoning(last, asked, asked.hidden ? 1 : 2);
    expect(new Set(stack.logs.map(({ api, status }) => `${api} ${status}`))).toEqual(
      new Set(['responses 200']),
    );
    expect(refusalsOf(calls)).toEqual([]);
    expect(session.attempts).toEqual([]);
    await annotate(
      `${program} · ${asked.model}: a call, two parallel calls (one failed), continued; ${countsOf(calls)}`,
    );
  });

  it('writes a file by a patch on GPT, whose tool takes a text', async ({ annotate }) => {
    const session = await open('gpt-5.5');
    const file = join(session.folder, 'a.txt');
    const input = `*** Begin Patch\n*** Add File: ${file}\n+hello\n*** End Patch\n`;
    const turn = await session.say(`[[call:apply_patch ${JSON.stringify({ input })}]] Write it.`);
    expect(turn.code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^hello\n?$/);
    const { calls } = stack.simulator;
    expect(toolsIn(chatCalls(calls)[0]!)).toContain('apply_patch');
    expect(refusalsOf(calls)).toEqual([]);
    await annotate(`${program} · gpt-5.5: apply_patch; ${countsOf(calls)}`);
  });

  it('goes on when Bedrock throttles once', async () => {
    const session = await open(models[0]!.model);
    const turn = await session.say('[[throttle:1]] [[say:Here I am.]]');
    expect(turn).toMatchObject({ code: 0, stdout: expect.stringContaining('Here I am.') });
  });
});
