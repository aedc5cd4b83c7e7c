import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../lambda/canonical/request.ts';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import { type Asking, optimising } from '../../support/optimising.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';

/** Runs a technique: what came of it, and what its calls were told, by step. */
async function played(
  optimisation: unknown,
  choose: (call: SeenCall, nth: number) => Said,
  asking: Partial<Asking> = {},
) {
  const scripted = scriptedEngine(choose);
  const { answers, warnings } = await optimise(await optimising({ optimisation, ...asking }, scripted));
  const [answer] = answers;
  const requests = (step: string) =>
    scripted.calls.filter((call) => call.step === step).map(({ request }) => request);
  return {
    answer: answer && textOf(answer),
    stopReason: answer?.stopReason,
    warnings: [...warnings],
    steps: scripted.calls.map(({ step }) => step),
    requests,
    told: (step: string) => requests(step).map(({ converse }) => converse.messages),
  };
}

describe('rto', () => {
  test('a program with a long row of blanks in a line is compared in one pass', async () => {
    const code = (text: string) => `\`\`\`js\n${text}\n\`\`\``;
    const blanks = ' '.repeat(300_000);
    const { answer, steps } = await played('rto', ({ step }) => {
      if (step === 'rto/describe') return 'Write it.';
      return code(`a${blanks}b${step === 'rto/redraft' ? blanks : ''}`);
    });
    expect([answer, steps]).toEqual([code(`a${blanks}b`), ['rto/draft', 'rto/describe', 'rto/redraft']]);
  });
});

describe('mcts', () => {
  test.each<[string, Said]>([
    ['has no text', ''],
    ['was withheld', { text: 'Withheld.', stop: 'guardrail_intervened' }],
    ['was cut off', { text: 'half of', stop: 'max_tokens' }],
  ])('where nothing can be played on, a first sample that %s is not the answer', async (_, first) => {
    const { answer, stopReason } = await played('mcts', ({ step }, nth) => {
      if (step !== 'mcts/sample') return { error: 'throttled' };
      return nth === 0 ? first : `whole ${nth}`;
    });
    expect([answer, stopReason]).toEqual(['whole 1', 'end_turn']);
  });
});

describe('rstar', () => {
  const intent: Intent = { outputFormat: { type: 'json_object' } };

  test.each([
    ['found', 'So it is. The final answer is 42.'],
    ['not found', 'A step on the way.'],
  ])('a client that wants JSON gets JSON, written from the best path: its answer was %s', async (_, said) => {
    const { answer, requests, told } = await played(
      { technique: 'rstar(rollouts=2,depth=1)', max_calls: 5 },
      ({ step }) => (step === 'rstar/answer' ? '{"answer":42}' : said),
      { intent },
    );
    expect(answer).toBe('{"answer":42}');
    expect(requests('rstar/answer').map((request) => request.intent.outputFormat)).toEqual([
      intent.outputFormat,
    ]);
    expect(JSON.stringify(told('rstar/answer'))).toContain(said);
  });

  test('so it is where there are no calls but for the steps: one is kept for the answer', async () => {
    const { answer, steps } = await played(
      { technique: 'rstar(rollouts=2,depth=1)', max_calls: 2 },
      ({ step }) => (step === 'rstar/answer' ? '{"answer":42}' : 'The final answer is 42.'),
      { intent },
    );
    expect([answer, steps]).toEqual(['{"answer":42}', ['rstar/step', 'rstar/answer']]);
  });
});

describe('a solver behind another', () => {
  test.each<[string, Said]>([
    ['came without text', ''],
    ['was withheld', { text: 'Withheld.', stop: 'guardrail_intervened' }],
  ])('is asked the question itself where the answer so far %s', async (_, said) => {
    const { answer, told } = await played('bon(n=1)&moa(n=1)', ({ step }) =>
      step === 'bon/sample' ? said : 'It is 42.',
    );
    expect(answer).toBe('It is 42.');
    expect(told('moa/sample')).toEqual(told('bon/sample'));
  });
});

describe('pvg', () => {
  test('a later round that fails is left out with a warning', async () => {
    const { answer, warnings } = await played('pvg(n=1)', ({ step }, nth) => {
      if (step === 'pvg/verify') return 'Score: 5';
      return step === 'pvg/helpful' && nth === 1 ? { error: 'throttled' } : `${step} ${nth}`;
    });
    expect(answer).toBe('pvg/helpful 0');
    expect(warnings).toEqual(['pvg: round 2 of 2 came to nothing']);
  });
});
