import { describe, expect, test } from 'vitest';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import { optimising } from '../../support/optimising.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';

async function searched(optimisation: unknown, choose: (call: SeenCall, nth: number) => Said) {
  const scripted = scriptedEngine(choose);
  const { answers, warnings } = await optimise(await optimising({ optimisation }, scripted));
  const [answer] = answers;
  const texts = (name: string) =>
    scripted.calls
      .filter(({ step }) => step === `rstar/${name}`)
      .map(({ request }) => JSON.stringify(request.converse.messages));
  return {
    answer: answer && textOf(answer),
    account: answer?.optimisation,
    warnings: [...warnings],
    texts,
    made: { step: texts('step').length, check: texts('check').length, answer: texts('answer').length },
  };
}

const found = 'The final answer is 42.';

describe('the tree of rstar', () => {
  test('where each of the five actions has come to an answer, no step is made again', async () => {
    const { answer, made } = await searched('rstar(rollouts=9,depth=2)', () => found);
    expect([answer, made]).toEqual([found, { step: 5, check: 5, answer: 0 }]);
  });

  test('paths that end without an answer have it asked for behind the longest', async () => {
    const { answer, made, texts } = await searched('rstar(rollouts=8,depth=1)', ({ step }, nth) => {
      if (step === 'rstar/answer') return 'It is 42.';
      return nth === 2 ? 'a step that is longer' : `step ${nth}`;
    });
    expect([answer, made]).toEqual(['It is 42.', { step: 5, check: 0, answer: 1 }]);
    expect(texts('answer')[0]).toContain('a step that is longer');
  });

  test('where no step comes to anything the question itself is asked, and a warning says what is missing', async () => {
    const { answer, made, texts, warnings } = await searched('rstar(rollouts=7,depth=2)', ({ step }) =>
      step === 'rstar/answer' ? 'It is 42.' : { error: 'throttled' },
    );
    expect([answer, made]).toEqual(['It is 42.', { step: 5, check: 0, answer: 1 }]);
    expect(texts('answer')[0]).not.toContain('assistant');
    expect(warnings).toEqual(['rstar: a step is missing (throttled)']);
  });

  test('where no call is left for an answer, the longest path is it', async () => {
    const { answer, account, made } = await searched(
      { technique: 'rstar(rollouts=2,depth=1)', max_calls: 2 },
      (_, nth) => (nth === 0 ? 'one long step' : 'short'),
    );
    expect([answer, made]).toEqual(['one long step', { step: 2, check: 0, answer: 0 }]);
    expect(account).toMatchObject({ stopped: 'calls', calls: 2 });
  });

  test('an answer call that fails is the request’s failure', async () => {
    const failing = searched('rstar(rollouts=2,depth=1)', ({ step }) =>
      step === 'rstar/answer' ? { error: 'model_error' } : 'a step',
    );
    await expect(failing).rejects.toMatchObject({ reason: 'model_error' });
  });

  test.each([
    [0, 'only there', 4],
    [10, 'elsewhere too', 2],
  ])('with c=%i it looks further where an answer was found, %s', async (c, _, times) => {
    const { answer, texts } = await searched(`rstar(rollouts=8,depth=2,c=${c})`, ({ step, request }, nth) => {
      const text = JSON.stringify(request.converse.messages);
      if (step === 'rstar/check' || text.includes('good start')) return found;
      if (text.includes('assistant')) return 'It leads nowhere.';
      return nth === 0 ? 'A good start.' : 'A bad start.';
    });
    const behindIt = texts('step').filter((text) => text.includes('good start'));
    expect([answer, behindIt.length]).toEqual([found, times]);
    expect(new Set(behindIt).size).toBe(times);
  });

  test('an answer that several paths come to goes before one that is found again from its own', async () => {
    const { answer } = await searched('rstar(rollouts=4,depth=1)', ({ step, request }, nth) => {
      if (step === 'rstar/check')
        return JSON.stringify(request.converse.messages).includes('odd') ? 'The final answer is 41.' : 'No.';
      return nth === 0 ? 'An odd way. The final answer is 41.' : `Way ${nth} to it all. ${found}`;
    });
    expect(answer).toBe(`Way 1 to it all. ${found}`);
  });
});
