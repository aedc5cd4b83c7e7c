import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn, textsIn } from '../support/upstream.ts';
import { models } from './models.ts';
import { type CodexSession, endOf, openCodex, saidIn } from './session.ts';

const program = `Codex ${versionOf('@openai/codex')}`;
/** More than what is said at first, less than that and `longPrompt`: Codex compacts before the prompt after that. */
const top = ['model_auto_compact_token_limit = 11500'];
const call = '[[call:exec_command {"cmd":"echo hello"}]] Say hello.';
const longPrompt = `[[say:I see.]] ${'Word after word. '.repeat(800)}`;

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
    expect(endOf(await codex.say(call))).toEqual({ code: 0 });
    expect(endOf(await codex.say(longPrompt))).toEqual({ code: 0 });
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
    const texts = textsIn(last!).join('\n\n');
    expect(/(Summary of|the summary produced by)[^:]*:\s+You said/.test(texts)).toBe(true);

    expect(refusalsOf(calls)).toEqual([]);
    const statuses = new Set(stack.logs.map(({ status }) => status));
    expect(statuses).toEqual(new Set(builtIn ? [426, 200] : [200]));
    expect(codex.attempts).toEqual([]);
    await annotate(`${program} · ${model}: compaction by ${provider}; ${countsOf(calls)}`);
  });
});
