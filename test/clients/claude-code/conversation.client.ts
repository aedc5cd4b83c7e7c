import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { tokensIn } from '../support/tokens.ts';
import { chatCalls, operationsOf, refusalsOf, resultsIn, thinkingIn } from '../support/upstream.ts';
import { models } from './models.ts';
import { type ClaudeSession, callsOf, openClaude, thinkingOf } from './session.ts';

const program = `Claude Code ${versionOf('@anthropic-ai/claude-code')}`;
const oneCall = '[[call:Bash {"command":"echo hello","description":"Say hello"}]] Say hello.';
const twoCalls =
  '[[call:Bash {"command":"echo one","description":"One"}]] [[call:Bash {"command":"exit 3","description":"Fail"}]] Go on.';

let stack: Stack;
let claude: ClaudeSession | undefined;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
  return async () => {
    await claude?.close();
    claude = undefined;
  };
});
afterAll(() => stack.close());

const open = async (model: string) => {
  const url = stack.baseUrl.replace('/v1', '');
  claude = await openClaude({ url, apiKey: stack.apiKey, model });
  return claude;
};

describe.each(models)('Claude Code on $model', ({ model, operation, signed }) => {
  it('works with tools, keeps its reasoning, shows its context, compacts and goes on', async ({
    annotate,
  }) => {
    const session = await open(model);
    const { calls } = stack.simulator;

    const first = await session.say(oneCall);
    expect(first.result).toMatchObject({ is_error: false, result: expect.stringContaining('hello') });
    expect(callsOf(first)).toEqual(['Bash']);
    expect(first.result.usage).toMatchObject(tokensIn(stack.logs));

    const second = await session.say(twoCalls);
    expect(second.result).toMatchObject({ is_error: false, result: expect.stringContaining('Exit code 3') });
    expect(callsOf(second)).toEqual(['Bash', 'Bash']);
    const lastCall = chatCalls(calls).at(-1)!;
    expect(resultsIn(lastCall)).toEqual([
      { failed: false, text: expect.stringContaining('hello') },
      { failed: false, text: expect.stringContaining('one') },
      { failed: true, text: expect.stringContaining('Exit code 3') },
    ]);
    const thinking = thinkingOf([first, second]);
    if (signed) {
      expect(thinking.length).toBeGreaterThanOrEqual(4);
      // All but that of the answer which ended the turn.
      expect(thinkingIn(lastCall)).toEqual(thinking.slice(0, -1));
    }

    stack.logs.length = 0;
    const context = await session.say('/context');
    expect(context.result).toMatchObject({ is_error: false });
    const counted = stack.logs.map(({ status }) => status);
    expect(counted.length).toBeGreaterThan(0);
    expect(new Set(counted)).toEqual(new Set([200]));

    const compacted = await session.say('/compact');
    expect(compacted.lines).toContainEqual(
      expect.objectContaining({ subtype: 'status', compact_result: 'success' }),
    );
    const last = await session.say('[[say:That was all.]] Anything else?');
    expect(last.result).toMatchObject({ is_error: false, result: 'That was all.' });

    const { code } = await session.end();
    expect({ code, attempts: session.attempts }).toEqual({ code: 0, attempts: [] });
    expect(operationsOf(calls)).toEqual([operation]);
    expect(refusalsOf(calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: a call, two parallel calls (one failed), /context (${counted.length} counts), /compact, an answer; ${countsOf(calls)}; thinking blocks ${thinking.length}; usage of turn 2 ${JSON.stringify(second.result.usage?.input_tokens)}`,
    );
  });
});
