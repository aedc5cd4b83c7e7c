import { describe, expect, test } from 'vitest';
import { FailedFrame, type FrameFailure } from '../../../../lambda/backends/errors/failed-frame.ts';
import { MessageEvents } from '../../../../lambda/backends/messages/events.ts';
import type { NativeEvent } from '../../../../lambda/canonical/native.ts';
import type { Json } from '../../../../lambda/canonical/types.ts';

const payloadOf = (json: string) => JSON.stringify({ bytes: Buffer.from(json).toString('base64') });

function readFrame(reader: MessageEvents, payload: string, type = 'chunk'): NativeEvent[] {
  const bytes = Buffer.from(payload);
  const events: NativeEvent[] = [];
  reader.read(type, bytes, 0, bytes.length, events);
  return events;
}
const read = (json: string, reader = new MessageEvents(false)) => readFrame(reader, payloadOf(json));
const readAll = (reader: MessageEvents, ...events: Json[]) =>
  events.flatMap((event) => read(JSON.stringify(event), reader));

describe('frames that hold nothing for the client', () => {
  test.each<[what: string, payload: string, type?: string]>([
    ['of another type', payloadOf('{"type":"ping"}'), 'initial-response'],
    ['without bytes', '{"p":"abc"}'],
    ['whose event has no type', payloadOf('{"index":0}')],
    ['whose event’s type is no text', payloadOf('{"type":7}')],
  ])('%s', (_, payload, type) => {
    expect(readFrame(new MessageEvents(false), payload, type)).toEqual([]);
  });
});

describe('an event', () => {
  test.each<[what: string, json: string, type: string]>([
    ['whose type comes first', '{"type":"ping", "n":1}', 'ping'],
    ['of a kind that is not known yet', '{"type":"something_new","a":{"b":1}}', 'something_new'],
    ['whose type comes later', '{"n":1,"type":"ping"}', 'ping'],
  ])('%s goes on as it came', (_, json, type) => {
    expect(read(json)).toEqual([{ type, json, written: 0 }]);
  });

  test.each([['\n'], ['\r\n'], ['\r']])('with the line break %j between its members is one line', (end) => {
    const json = ['{"type":"ping",', '"text":"a\\nb"}'].join(end);
    expect(read(json)).toEqual([{ type: 'ping', json: '{"type":"ping","text":"a\\nb"}', written: 0 }]);
  });

  test.each(['Hello', ''])('counts the characters %j that the model has written', (text) => {
    const delta = { type: 'text_delta', text };
    const json = JSON.stringify({ type: 'content_block_delta', index: 0, delta });
    expect(read(json)).toEqual([{ type: 'content_block_delta', json, written: text.length }]);
  });
});

describe('an error within a stream', () => {
  test.each<[what: string, error: Json | undefined, expected: Partial<FrameFailure>]>([
    ['overloaded', { type: 'overloaded_error', message: 'm' }, { type: 'serviceUnavailableException' }],
    ['throttled', { type: 'rate_limit_error', message: 'm' }, { type: 'throttlingException' }],
    ['too slow', { type: 'timeout_error', message: 'm' }, { type: 'modelTimeoutException' }],
    ['refused', { type: 'invalid_request_error', message: 'm' }, { type: 'validationException' }],
    ['failed', { type: 'api_error', message: 'm' }, { type: 'modelStreamErrorException' }],
    ['without words', { type: 'overloaded_error' }, { type: 'serviceUnavailableException' }],
    ['of no kind', { message: 'm' }, { type: 'modelStreamErrorException' }],
    ['that is no object', 'm', { type: 'modelStreamErrorException' }],
    ['that is not there', undefined, { type: 'modelStreamErrorException' }],
  ])('%s', (_, error, expected) => {
    const message = typeof error === 'object' && error && 'message' in error ? 'm' : '';
    let thrown: unknown;
    try {
      read(JSON.stringify({ type: 'error', error }));
    } catch (failed) {
      thrown = failed;
    }
    expect(thrown).toBeInstanceOf(FailedFrame);
    const payload = JSON.stringify({ message });
    expect((thrown as FailedFrame).failure).toEqual({ payload, requestId: undefined, ...expected });
  });
});

describe('the end of a message', () => {
  const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } };
  const stop = { type: 'message_stop' };
  const blocked = { ...stop, 'amazon-bedrock-guardrailAction': 'INTERVENED' };
  const jsonOf = (events: NativeEvent[]) => events.map(({ json }) => JSON.parse(json) as Json);

  test('a stream is complete with message_stop, and not before', () => {
    const reader = new MessageEvents(false);
    expect(jsonOf(readAll(reader, { type: 'message_start' }, end))).toEqual([{ type: 'message_start' }, end]);
    expect(reader.complete).toBe(false);
    const metrics = { inputTokenCount: 2, outputTokenCount: 5 };
    const last = readAll(reader, { ...stop, 'amazon-bedrock-invocationMetrics': metrics });
    expect(jsonOf(last)).toEqual([stop]);
    expect(last[0]?.usage).toMatchObject({ inputTokens: 2, outputTokens: 5, totalTokens: 7 });
    expect(reader.complete).toBe(true);
  });

  test('where a guardrail looks on, the reason waits for its word', () => {
    const passed = new MessageEvents(true);
    expect(readAll(passed, end)).toEqual([]);
    expect(jsonOf(readAll(passed, stop))).toEqual([end, stop]);
    expect(jsonOf(readAll(new MessageEvents(true), stop))).toEqual([stop]);
  });

  test.each<[what: string, members: Json | undefined]>([
    ['a reason', end.delta],
    ['no delta', undefined],
    ['a delta that is no object', 'x'],
  ])('a guardrail that has intervened is a refusal, instead of %s', (_, delta) => {
    const events = readAll(new MessageEvents(true), { ...end, delta } as Json, blocked);
    expect(jsonOf(events)).toEqual([
      {
        ...end,
        delta: expect.objectContaining({
          stop_reason: 'refusal',
          stop_details: expect.objectContaining({ type: 'refusal' }),
        }),
      },
      stop,
    ]);
  });
});
