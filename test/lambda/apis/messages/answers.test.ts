import { describe, expect, test } from 'vitest';
import { MessagesEncoder } from '../../../../lambda/apis/messages/encoder.ts';
import { messageId } from '../../../../lambda/apis/messages/ids.ts';
import { nativeMessage } from '../../../../lambda/apis/messages/native-answer.ts';
import type { Rendering } from '../../../../lambda/apis/messages/rendering.ts';
import { writeMessage } from '../../../../lambda/apis/messages/response.ts';
import { MessageEvents } from '../../../../lambda/backends/messages/events.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { NativeEvent } from '../../../../lambda/canonical/native.ts';
import type { ConverseAnswer, ConverseEvent, JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { goldenCases } from '../../../support/golden.ts';
import { eventsOf, foldMessage } from '../../../support/messages-stream.ts';

const head = { requestId: 'req_0123456789abcdef0123456789abcdef', createdAt: 1 };
const named = { ...head, model: 'the-model' };
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

interface Rendered {
  note: string;
  rendering?: Partial<Rendering>;
  message: unknown;
}
const renderingOf = ({ rendering }: Pick<Rendered, 'rendering'>): Rendering => ({
  hideReasoning: false,
  ...rendering,
});

function streamed(events: readonly ConverseEvent[], rendering: Rendering, size = events.length): string {
  const encoder = new MessagesEncoder(head, rendering);
  let sse = encoder.open('the-model');
  for (let i = 0; i < events.length; i += size) sse += encoder.push(events.slice(i, i + size));
  return sse + encoder.end();
}

describe('a canonical answer becomes a message', () => {
  for (const { name, case: golden } of goldenCases<Rendered & { answer: ConverseAnswer }>(
    'messages/response',
  )) {
    test(name, () => {
      expect(asJson(writeMessage(golden.answer, named, renderingOf(golden)))).toEqual(golden.message);
    });
  }
});

describe('Bedrock’s events become Anthropic’s, and the same answer one message', () => {
  for (const { name, case: golden } of goldenCases<Rendered & { events: ConverseEvent[]; sse: unknown[] }>(
    'messages/stream',
  )) {
    test(`${name} [events]`, () => {
      const sse = streamed(golden.events, renderingOf(golden));
      expect(eventsOf(sse)).toEqual(golden.sse);
      expect(streamed(golden.events, renderingOf(golden), 1)).toBe(sse);
    });
    test(`${name} [in one piece]`, () => {
      const message = asJson(writeMessage(fold(golden.events), named, renderingOf(golden)));
      expect(message).toEqual(golden.message);
      expect(foldMessage(eventsOf(streamed(golden.events, renderingOf(golden))))).toEqual(message);
    });
  }
});

interface LanesCase {
  note: string;
  converse: ConverseEvent[];
  native: JsonObject[];
  /** Whether a guardrail looks at the answer. */
  guarded?: boolean;
  /** Where the two messages differ, and why that is right. */
  differences: { path: string; converse?: unknown; native?: unknown; why: string }[];
}

/** The text of a native stream, by way of the chunks in which it comes. */
function nativeStream({ native, guarded = false }: LanesCase): string {
  const reader = new MessageEvents(guarded);
  const encoder = new MessagesEncoder(head, { hideReasoning: false });
  let sse = encoder.open('the-model');
  for (const event of native) {
    const chunk = { bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abc' };
    const payload = Buffer.from(JSON.stringify(chunk));
    const events: NativeEvent[] = [];
    reader.read('chunk', payload, 0, payload.length, events);
    sse += encoder.pushNative(events);
  }
  return sse + encoder.end();
}

/** The paths at which two values differ, with what stands there. */
function differences(
  converse: unknown,
  native: unknown,
  path = '',
): Omit<LanesCase['differences'][number], 'why'>[] {
  if (isParent(converse) && isParent(native)) {
    const keys = new Set([...Object.keys(converse), ...Object.keys(native)]);
    return [...keys].flatMap((key) => differences(converse[key], native[key], path ? `${path}.${key}` : key));
  }
  if (converse === native) return [];
  return [{ path, ...(converse !== undefined && { converse }), ...(native !== undefined && { native }) }];
}
const isParent = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

describe('both lanes say the same', () => {
  for (const { name, case: golden } of goldenCases<LanesCase>('messages/lanes')) {
    test(name, () => {
      const byConverse = foldMessage(eventsOf(streamed(golden.converse, { hideReasoning: false })));
      const natively = foldMessage(eventsOf(nativeStream(golden)));
      const listed = golden.differences.map(({ why: _, ...difference }) => difference);
      expect(differences(byConverse, natively)).toEqual(listed);
      for (const { why } of golden.differences) expect(why).not.toBe('');
    });
  }
});

describe('a native stream', () => {
  test('goes on as it came, under the name that was asked for', () => {
    const encoder = new MessagesEncoder(head, { hideReasoning: false });
    const start =
      '{"type":"message_start","message":{"id":"msg_bdrk_1","model":"claude-x","content":[],"n":1}}';
    // Not as JSON.stringify would write it.
    const delta = '{"type":"content_block_delta", "index":0,"delta":{"type":"text_delta","text":"\\u0041"}}';
    const event = (type: string, json: string) => ({ type, json, written: 0 });
    expect(
      encoder.open('the-model') +
        encoder.pushNative([event('message_start', start), event('content_block_delta', delta)]) +
        encoder.end(),
    ).toBe(
      `event: message_start\ndata: ${start.replace('claude-x', 'the-model')}\n\n` +
        `event: content_block_delta\ndata: ${delta}\n\n`,
    );
  });

  const counted = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
  const body = { id: 'msg_bdrk_1', model: 'claude-x', content: [], something_new: { a: 1 } };

  test('and a native answer', () => {
    const usage = { input_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 2, more: {} };
    const native = { body: { ...body, usage }, stopReason: 'end_turn', usage: counted };
    expect(nativeMessage(native, named)).toEqual({ ...body, model: 'the-model', usage });
  });

  test('of an older model has the counts of a cache that clients demand', () => {
    const usage = { input_tokens: 1, output_tokens: 1 };
    const filled = { cache_creation_input_tokens: null, cache_read_input_tokens: null, ...usage };
    const native = { body: { ...body, usage }, stopReason: 'end_turn', usage: counted };
    expect(nativeMessage(native, named)).toEqual({ ...body, model: 'the-model', usage: filled });
    const encoder = new MessagesEncoder(head, { hideReasoning: false });
    const json = JSON.stringify({ type: 'message_start', message: { ...body, usage } });
    const sse = encoder.open('the-model') + encoder.pushNative([{ type: 'message_start', json, written: 0 }]);
    const message = { ...body, model: 'the-model', usage: filled };
    expect(eventsOf(sse)).toEqual([{ type: 'message_start', message }]);
  });
});

describe('failures', () => {
  const error = new GatewayError({ status: 503, reason: 'overloaded', message: 'm' });
  const rendered = {
    type: 'error',
    error: { type: 'overloaded_error', message: 'm' },
    request_id: head.requestId,
  };

  test('of a stream that has not begun, and of one that has', () => {
    const encoder = new MessagesEncoder(head, { hideReasoning: false });
    expect(eventsOf(encoder.fail(error))).toEqual([rendered]);
    expect(eventsOf(encoder.push([{ messageStart: { role: 'assistant' } }]) + encoder.fail(error))).toEqual([
      expect.objectContaining({ type: 'message_start' }),
      rendered,
    ]);
  });

  test('a stream that has not been stopped does not end well', () => {
    const encoder = new MessagesEncoder(head, { hideReasoning: false });
    encoder.push([{ messageStart: { role: 'assistant' } }]);
    expect(() => encoder.end()).toThrow('messageStop');
  });
});

test.each([
  ['req_0123456789abcdef0123456789abcdef', 'msg_0123456789abcdef01234567'],
  ['8f50b4ee-1e0d-4d1a-9b3c-7a5f3c2d1e0f', 'msg_8f50b4ee1e0d4d1a9b3c7a5f'],
  ['1', 'msg_100000000000000000000000'],
])('the message of request %s is %s', (requestId, id) => expect(messageId(requestId)).toBe(id));
