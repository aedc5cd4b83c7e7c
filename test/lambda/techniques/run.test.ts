import { describe, expect, test } from 'vitest';
import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import type { Plan } from '../../../lambda/engine/plan.ts';
import type { Engine, ModelRequest } from '../../../lambda/engine/types.ts';
import { merge } from '../../../lambda/streams/merge.ts';
import type { Source } from '../../../lambda/streams/source.ts';
import { textOf } from '../../../lambda/techniques/conversation.ts';
import { type OptimiseOptions, optimise, optimiseStream } from '../../../lambda/techniques/optimise.ts';
import { requestContext } from '../../support/context.ts';
import { optimising } from '../../support/optimising.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';
import { itemsOf } from '../../support/sources.ts';

const plain = ({ step }: SeenCall): Said => (step === 'bon/rate' ? 'Score: 7' : 'It is 42.');

describe('models of roles', () => {
  const plan = (): Plan => ({ steps: [], refused: [] });
  const plans = new Map([
    ['a', plan()],
    ['b', plan()],
    ['c', plan()],
  ]);
  const nameOf = (asked: Plan) => [...plans].find(([, each]) => each === asked)?.[0] ?? 'the main one';

  async function withModels(technique: string, models: object): Promise<[OptimiseOptions, string[]]> {
    const scripted = scriptedEngine(plain);
    const { engine } = scripted;
    const used: string[] = [];
    const note = (request: ModelRequest, of: Plan) =>
      used.push(`${request.canonical().converse.requestMetadata?.['optimisation-step']}: ${nameOf(of)}`);
    const noting: Engine = {
      ...engine,
      answer(request, of, context) {
        note(request, of);
        return engine.answer(request, of, context);
      },
    };
    const options = await optimising({ optimisation: { technique, models } }, scripted);
    return [{ ...options, plans, engine: noting }, used];
  }

  test('a step has its own in turn, before those of its role; the rest has the model that was asked for', async () => {
    const [options, used] = await withModels('moa', {
      'moa/sample': ['a', 'b'],
      sample: 'c',
      critique: 'c',
    });
    await optimise(options);
    expect(used).toEqual([
      'moa/sample: a',
      'moa/sample: b',
      'moa/sample: a',
      'moa/critique: c',
      'moa/answer: the main one',
    ]);
  });

  test.each([
    ['another model has begun', { sample: 'a' }, undefined],
    ['the model that was asked for has begun', { rate: 'a' }, 'm'],
  ])('a stream says who answers only as far as that is known: %s', async (_, models, model) => {
    const [options] = await withModels('bon(n=2)', models);
    const { outcome, choices } = await optimiseStream(options, false);
    expect(outcome?.model).toBe(model);
    for (const choice of choices) choice.cancel();
  });
});

describe('time', () => {
  test('what is not the answer does not begin in the time that is kept for it', async () => {
    let now = 0;
    const scripted = scriptedEngine((call) => {
      now += 30_000;
      return plain(call);
    });
    const options = await optimising(
      {
        optimisation: 'bon(n=3)',
        env: { OPTIMISATION_CONCURRENCY: '1' },
        context: requestContext({ deadline: 100_000 }),
        now: () => now,
      },
      scripted,
    );
    const { answers } = await optimise(options);
    // 60 % of the time there is.
    expect(scripted.calls.map(({ step }) => step)).toEqual(['bon/sample', 'bon/sample']);
    expect(answers[0]).toMatchObject({
      output: { message: { content: [{ text: 'It is 42.' }] } },
      optimisation: { stopped: 'time', calls: 2 },
    });
  });
});

test('a fault of our own costs one branch of several, is noted, and does not show what it was', async () => {
  const faults: unknown[] = [];
  const scripted = scriptedEngine(({ step }) => {
    if (step === 're2/answer') throw new TypeError('ours');
    return 'It is 42.';
  });
  const options = await optimising({ optimisation: 're2|none' }, scripted);
  const { answers, warnings } = await optimise({ ...options, onUnexpected: (error) => faults.push(error) });
  expect(answers.map(textOf)).toEqual(['It is 42.']);
  expect(warnings).toEqual(['re2 came to nothing (internal)']);
  expect(faults).toMatchObject([{ message: 'ours' }]);
});

describe('streams', () => {
  async function streamed(progress: string, asReasoning: boolean) {
    const scripted = scriptedEngine(plain);
    const env = { OPTIMISATION_PROGRESS: progress };
    const options = await optimising({ optimisation: 'bon(n=2)', env }, scripted);
    const opened = await optimiseStream(options, asReasoning);
    const lines: Source<ConverseEvent[] | string>[] = [...opened.choices, opened.progress];
    const told = { comments: '', reasoning: '', text: '' };
    for await (const batch of itemsOf(merge(lines))) {
      if (typeof batch === 'string') told.comments += batch;
      else
        for (const event of batch) {
          if (!('contentBlockDelta' in event)) continue;
          const { delta } = event.contentBlockDelta;
          if ('text' in delta) told.text += delta.text;
          else told.reasoning += JSON.stringify(delta);
        }
    }
    return told;
  }

  test.each([
    ['comments', true, 'comments'],
    ['comments', false, 'comments'],
    ['reasoning', true, 'reasoning'],
    // An API that has no place for it.
    ['reasoning', false, 'comments'],
  ] as const)('OPTIMISATION_PROGRESS %s, with a place for reasoning %s: %s', async (setting, has, place) => {
    const { text, ...told } = await streamed(setting, has);
    const other = place === 'comments' ? 'reasoning' : 'comments';
    expect(text).toBe('It is 42.');
    expect(told[place]).toMatch(/bon: sample 2 of 2/);
    expect(told[other]).toBe('');
  });

  test('one that is left ends the call that was writing the answer', async () => {
    const scripted = scriptedEngine(plain);
    const { choices } = await optimiseStream(await optimising({ optimisation: 're2' }, scripted), false);
    for await (const _ of itemsOf(choices[0] as (typeof choices)[0])) break;
    await new Promise(setImmediate);
    expect(scripted.open()).toBe(0);
  });
});

test('where contents may be logged, each inner call is there with what it was asked and what it said', async () => {
  const logged: Record<string, unknown>[] = [];
  const options = await optimising({ optimisation: 'bon(n=1)' }, scriptedEngine(plain));
  await optimise({ ...options, log: (message, facts) => logged.push({ message, ...facts }) });
  expect(logged.length).toBeGreaterThan(0);
  const asked = logged.filter((each) => 'request' in each);
  const said = logged.filter((each) => 'answer' in each);
  expect(said.length).toBe(asked.length);
  expect(logged.every(({ message, requestId }) => message === 'inner call' && requestId === 'req')).toBe(
    true,
  );
  expect(said[0]).toMatchObject({ step: 'bon/sample', answer: { content: [{ text: 'It is 42.' }] } });
});
