import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { ConverseAnswer, ConverseEvent } from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { longestStop } from '../../../../lambda/fit/stop/matcher.ts';
import { able } from '../../../support/capabilities.ts';
import { fit as fitTo } from '../../../support/fit.ts';
import { cuts, resplit } from '../../../support/resplit.ts';

const messages = [{ role: 'user' as const, content: [{ text: 'Hi' }] }];
const usage = { inputTokens: 10, outputTokens: 40, totalTokens: 50 };

const restoreFor = (stopSequences: string[]) =>
  fitTo(
    { model: 'm', converse: { messages, inferenceConfig: { stopSequences } }, intent: {} },
    able({ stopSequences: false }),
  ).restore;

const answerOf = (
  content: ConverseAnswer['output']['message']['content'],
  stopReason = 'end_turn',
): ConverseAnswer => ({ output: { message: { role: 'assistant', content } }, stopReason, usage });

const textOf = (events: ConverseEvent[]) =>
  events.flatMap((event) =>
    'contentBlockDelta' in event && 'text' in event.contentBlockDelta.delta
      ? [event.contentBlockDelta.delta.text]
      : [],
  );

/** What is meant, said in the plainest way: the sequence that is complete first, the longest of those that end there. */
function cutPlainly(
  text: string,
  sequences: readonly string[],
): { before: string; sequence: string } | undefined {
  for (let end = 1; end <= text.length; end += 1) {
    const hits = sequences.filter((sequence) => text.slice(0, end).endsWith(sequence));
    if (hits.length === 0) continue;
    const begin = end - Math.max(...hits.map(({ length }) => length));
    return { before: text.slice(0, begin), sequence: text.slice(begin, end) };
  }
  return undefined;
}

describe('stop sequences that the model refuses', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 30 });
  const sequence = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), minLength: 1, maxLength: 4 });

  test('end the answer where the first of them begins, however the stream is cut', () => {
    fc.assert(
      fc.property(letters, fc.array(sequence, { minLength: 1, maxLength: 4 }), cuts, (text, stops, at) => {
        const plainly = cutPlainly(text, stops);
        const plain = plainly?.before;
        const restore = restoreFor(stops);
        const whole = restore.answer(answerOf([{ text }]));
        expect(whole.output.message.content).toEqual(plain === '' ? [] : [{ text: plain ?? text }]);
        expect(whole.stopReason).toBe(plain === undefined ? 'end_turn' : 'stop_sequence');
        expect(whole.stoppedAt).toBe(plainly?.sequence);
        expect(whole.usage).toEqual(usage);
        const enough = vi.fn();
        const map = restore.events(enough);
        const events = resplit(unfold(answerOf([{ text }])), at).flatMap((event) => map([event]));
        expect(textOf(events).join('')).toBe(plain ?? text);
        expect(fold(events)).toMatchObject({ stopReason: whole.stopReason });
        expect(fold(events).stoppedAt).toBe(plainly?.sequence);
        expect(enough).toHaveBeenCalledTimes(plain === undefined ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  test('count all that was written: as the model did where it said so, else as a marked estimate', () => {
    const answer = answerOf([{ text: 'Action: look\nObservation: made up' }]);
    const restore = restoreFor(['\nObservation:']);
    const told = (batches: ConverseEvent[][]) => {
      const map = restore.events();
      const metadata = batches.flatMap(map).filter((event) => 'metadata' in event);
      expect(metadata).toHaveLength(1);
      return (metadata[0] as { metadata: { usage: object } }).metadata.usage;
    };
    expect(told([unfold(answer)])).toEqual(usage);
    const [start, delta, ...rest] = unfold(answer);
    expect(told([[start!], [delta!], rest])).toEqual({
      inputTokens: expect.any(Number),
      outputTokens: Math.ceil(33 / 4),
      totalTokens: expect.any(Number),
      estimated: true,
    });
  });

  test('leave alone what is not text, and stop what comes after', () => {
    const call = { toolUse: { toolUseId: 'a', name: 'f', input: { q: 'END' } } };
    const thought = { reasoningContent: { reasoningText: { text: 'END', signature: 'c2ln' } } };
    const restore = restoreFor(['END']);
    const calling = answerOf([thought, { text: 'So' }, call], 'tool_use');
    expect(restore.answer(calling)).toEqual(calling);
    const cut = restore.answer(answerOf([thought, { text: 'So END of it' }, call], 'tool_use'));
    expect(cut.output.message.content).toEqual([thought, { text: 'So ' }]);
    expect(cut.stopReason).toBe('stop_sequence');
  });

  test('of white space alone are cut on Claude too, beside those that it takes itself', () => {
    const converse = { messages, inferenceConfig: { stopSequences: ['\n\n', 'END', ''] } };
    const fitted = fitTo({ model: 'm', converse, intent: {} }, able({ refusesBlankStop: true }));
    expect(fitted.request.inferenceConfig?.stopSequences).toEqual(['END']);
    expect(fitted.warnings).toHaveLength(1);
    expect(fitted.restore.answer(answerOf([{ text: 'One\n\nTwo' }])).output.message.content).toEqual([
      { text: 'One' },
    ]);
  });

  test('may have so many characters in all', () => {
    expect(() => restoreFor(['x'.repeat(longestStop)])).not.toThrow();
    expect(() => restoreFor(['x'.repeat(longestStop), 'y'])).toThrow(GatewayError);
  });
});
