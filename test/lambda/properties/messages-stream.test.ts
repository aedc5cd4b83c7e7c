import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessagesEncoder } from '../../../lambda/apis/messages/encoder.ts';
import type { Rendering } from '../../../lambda/apis/messages/rendering.ts';
import { writeMessage } from '../../../lambda/apis/messages/response.ts';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import { unfold } from '../../../lambda/canonical/unfold.ts';
import { badRequest } from '../../../lambda/errors.ts';
import { answers } from '../../support/answers.ts';
import { eventsOf, foldMessage } from '../../support/messages-stream.ts';
import { mixed } from '../../support/mixed-blocks.ts';
import { cuts, resplit } from '../../support/resplit.ts';

const head = { requestId: 'req_0123456789abcdef0123456789abcdef', createdAt: 1 };
const renderings: fc.Arbitrary<Rendering> = fc.record(
  {
    hideReasoning: fc.boolean(),
    stopSequences: fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }),
    estimatedInputTokens: fc.nat(),
  },
  { requiredKeys: ['hideReasoning'] },
);
const sizes = fc.integer({ min: 1, max: 9 });

function pushed(encoder: MessagesEncoder, events: readonly ConverseEvent[], size: number): string {
  let sse = encoder.open('m');
  for (let i = 0; i < events.length; i += size) sse += encoder.push(events.slice(i, i + size));
  return sse;
}

function streamed(events: readonly ConverseEvent[], rendering: Rendering, size: number): string {
  const encoder = new MessagesEncoder(head, rendering);
  return pushed(encoder, events, size) + encoder.end();
}

const whole = (events: readonly ConverseEvent[], rendering: Rendering) =>
  JSON.parse(JSON.stringify(writeMessage(fold(events), { ...head, model: 'm' }, rendering)));

describe('every stream of messages', () => {
  test('keeps the protocol and says the same as the answer in one piece', () => {
    fc.assert(
      fc.property(answers, renderings, cuts, sizes, (answer, rendering, at, size) => {
        const events = resplit(unfold(answer), at);
        const message = foldMessage(eventsOf(streamed(events, rendering, size)));
        expect(message).toEqual(whole(events, rendering));
      }),
    );
  });

  test('has one block at a time, in the order in which they began, however they are mixed', () => {
    const orders = fc.array(fc.nat(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(answers, renderings, orders, sizes, (answer, rendering, order, size) => {
        const events = mixed(unfold(answer), order);
        const message = foldMessage(eventsOf(streamed(events, rendering, size)));
        expect(message).toEqual(whole(events, rendering));
      }),
    );
  });

  test('that fails has one error at its end, and nothing that claims success', () => {
    fc.assert(
      fc.property(answers, renderings, sizes, fc.nat(60), (answer, rendering, size, after) => {
        const encoder = new MessagesEncoder(head, rendering);
        const sse = pushed(encoder, unfold(answer).slice(0, after), size);
        const types = eventsOf(sse + encoder.fail(badRequest('no'))).map(({ type }) => type);
        expect(types.indexOf('error')).toBe(types.length - 1);
        expect(types).not.toContain('message_delta');
        expect(types).not.toContain('message_stop');
      }),
    );
  });
});
