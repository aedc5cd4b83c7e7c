import { expect, test } from 'vitest';
import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import type { Source } from '../../../lambda/streams/source.ts';
import { ChoiceStream, type Closing } from '../../../lambda/techniques/choice-stream.ts';
import { itemsOf, sourceOf } from '../../support/sources.ts';

const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
const head: ConverseEvent = { messageStart: { role: 'assistant' } };
const start = (index: number): ConverseEvent => ({
  contentBlockStart: { contentBlockIndex: index, start: { toolUse: { toolUseId: 't', name: 'f' } } },
});
const text = (index: number, said = 'a'): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: index, delta: { text: said } },
});
const line = (said: string): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: `${said}\n` } } },
});
const stop = (index: number): ConverseEvent => ({ contentBlockStop: { contentBlockIndex: index } });
const end: ConverseEvent = { messageStop: { stopReason: 'end_turn' } };
const metadata: ConverseEvent = { metadata: { usage, metrics: { latencyMs: 5 } } };
const answer = [head, start(0), text(0), stop(0), end, metadata];

function choice(closing: (own: Closing['usage']) => Closing = (own) => ({ usage: own })) {
  const failures: unknown[] = [];
  const stream = new ChoiceStream({ closing, failed: (error) => failures.push(error) });
  return { stream, failures };
}

async function eventsOf(stream: ChoiceStream): Promise<ConverseEvent[]> {
  const events: ConverseEvent[] = [];
  for await (const batch of itemsOf(stream)) events.push(...batch);
  return events;
}

/** An answer that says this and breaks off. */
async function* broken(events: ConverseEvent[]): AsyncGenerator<ConverseEvent[]> {
  yield events;
  throw new Error('broken off');
}

test('an answer has one head, and its end says what was used', async () => {
  const { stream } = choice(() => ({
    usage: { ...usage, totalTokens: 30 },
    optimisation: { technique: 'bon' },
  }));
  stream.begin();
  stream.follow(sourceOf([answer.slice(0, 3), answer.slice(3)]));
  expect(await eventsOf(stream)).toEqual([
    head,
    start(0),
    text(0),
    stop(0),
    { messageStop: { stopReason: 'end_turn', optimisation: { technique: 'bon' } } },
    { metadata: { usage: { ...usage, totalTokens: 30 }, metrics: { latencyMs: 5 } } },
  ]);
});

test('lines of progress are a block of their own before the answer, whose blocks are counted on', async () => {
  const { stream } = choice();
  stream.say('one');
  stream.begin();
  stream.say('two');
  stream.follow(sourceOf([answer]));
  stream.say('too late');
  const expected = [head, line('one'), line('two'), stop(0), start(1), text(1), stop(1), end, metadata];
  expect(await eventsOf(stream)).toEqual(expected);
});

test('nothing goes out before the head', async () => {
  const { stream } = choice();
  const seen: string[] = [];
  stream.pull({
    onItem: (batch) => seen.push(...batch.flatMap((each) => Object.keys(each))),
    onEnd: () => seen.push('end'),
    onError: () => seen.push('error'),
  });
  stream.say('one');
  expect(seen).toEqual([]);
  stream.begin();
  expect(seen).toEqual(['messageStart', 'contentBlockDelta']);
});

test('an answer that does not say what it has used: that is unknown', async () => {
  const { stream } = choice();
  stream.begin();
  stream.follow(sourceOf([[text(0), end]]));
  const unknown = { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: true };
  expect(await eventsOf(stream)).toEqual([head, text(0), end, { metadata: { usage: unknown } }]);
});

test('an answer that breaks off: it is told, and the client gets the error that is chosen', async () => {
  const { stream, failures } = choice();
  stream.begin();
  stream.follow(sourceOf(broken([text(0)])));
  const events = itemsOf(stream);
  expect((await events.next()).value).toEqual([head]);
  expect((await events.next()).value).toEqual([text(0)]);
  const next = events.next();
  await expect.poll(() => failures).toEqual([new Error('broken off')]);
  stream.fail(new Error('chosen'));
  await expect(next).rejects.toThrow('chosen');
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test('one that breaks off behind its end is whole: nobody waits for more', async () => {
  const { stream, failures } = choice();
  stream.begin();
  stream.follow(sourceOf(broken(answer)));
  expect(await eventsOf(stream)).toEqual(answer);
  expect(failures).toEqual([]);
});

test.each<[string, Closing, ConverseEvent[]]>([
  ['others end later: nothing is said', { usage }, [head]],
  [
    'it is the last: it has the account',
    { usage, optimisation: { technique: 'bon' } },
    [head, { metadata: { usage, optimisation: { technique: 'bon' } } }],
  ],
])('a choice that comes to nothing, and %s', async (_, closing, expected) => {
  const { stream } = choice();
  stream.begin();
  stream.leave(closing);
  stream.say('too late');
  expect(await eventsOf(stream)).toEqual(expected);
});

test('a client that goes leaves the answer, and one that comes afterwards', () => {
  const left: string[] = [];
  const answerNamed = (name: string): Source<ConverseEvent[]> => ({
    pull: () => {},
    cancel: () => left.push(name),
  });
  const { stream } = choice();
  stream.begin();
  stream.follow(answerNamed('first'));
  stream.cancel();
  stream.follow(answerNamed('second'));
  expect(left).toEqual(['first', 'second']);

  const { stream: early } = choice();
  early.cancel();
  early.follow(answerNamed('third'));
  expect(left).toEqual(['first', 'second', 'third']);
});
