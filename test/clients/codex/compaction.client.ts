import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn } from '../support/upstream.ts';
import { models } from './models.ts';
import { type CodexSession, endOf, openCodex, saidIn } from './session.ts';

const program = `Codex ${versionOf('@openai/codex')}`;
/** More than what Codex says itself, less than that and `longOutput`. */
const top = ['model_auto_compact_token_limit = 12800'];
const longOutput = '[[call:exec_command {"cmd":"seq 1 2000"}]] Count.';

let stack: Stack;
let codex: CodexSession | undefined;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
  return async () => {
    await codex?.close();
    codex = undefined;
  };
});
afterAll(() => stack.close());

/** A user's provider is asked for a summary in the user's words, OpenAI's by an item of its own. */
const providers = [
  { provider: 'a provider of the user', builtIn: false },
  { provider: 'the provider OpenAI at another address', builtIn: true },
];

describe.each(providers)('Codex with $provider', ({ builtIn, provider }) => {
  it.for(models)('compacts on $model and goes on', async ({ model }, { annotate }) => {
    codex = await openCodex({ url: stack.baseUrl, apiKey: stack.apiKey, model, builtIn, top });
    const { calls } = stack.simulator;
    expect(endOf(await codex.say(longOutput))).toEqual({ code: 0 });
    const before = chatCalls(calls).length;
    expect(resultsIn(chatCalls(calls).at(-1)!)).toHaveLength(1);

    const turn = await codex.say('[[say:That was all.]] Anything else?');
    expect(endOf(turn)).toEqual({ code: 0 });
    expect(saidIn(turn)).toBe('That was all.');
    const [summing, last, ...more] = chatCalls(calls).slice(before);
    expect(more).toEqual([]);
    expect(resultsIn(summing!)).toHaveLength(1);
    // The summary has taken the place of what the tool said.
    expect(resultsIn(last!)).toEqual([]);
    const [, summary] = /summary[^"]*\\n([^"]*)/i.exec(JSON.stringify(userTextsIn(last!)))!;
    expect(summary).toMatch(builtIn ? /summary/ : /tool answered/);

    expect(refusalsOf(calls)).toEqual([]);
    const statuses = new Set(stack.logs.map(({ status }) => status));
    expect(statuses).toEqual(new Set(builtIn ? [426, 200] : [200]));
    expect(codex.attempts).toEqual([]);
    await annotate(`${program} · ${model}: compaction by ${provider}; ${countsOf(calls)}`);
  });
});
