import { describe, expect, test } from 'vitest';
import { ChunkDecoder } from '../../../lambda/backends/chat/events.ts';
import { AnswerReader } from '../../../lambda/backends/invoke/answer-reader.ts';
import { ChatEvents } from '../../../lambda/backends/mantle/events.ts';
import type { BatchDecoder } from '../../../lambda/backends/stream/batches.ts';
import type { NativeEvent } from '../../../lambda/canonical/native.ts';

/** Streams of Chat Completions as the runtime and bedrock-mantle send them: what ends one well, and what does not. */

const chunk = (delta: object, finish_reason: string | null = null) => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason }],
});
const hello = chunk({ content: 'Hello' });
const end = chunk({}, 'stop');
const record = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

const early = {
  code: 'bad_gateway',
  message: expect.stringContaining('ended before the answer was complete'),
};
const noAnswer = (name: string) => ({
  code: 'bad_gateway',
  message: expect.stringContaining('something other than an answer'),
  upstream: expect.objectContaining({ name }),
});
const said = (type: string, message: string, more = {}) => ({
  name: 'FailedFrame',
  failure: { type, message, requestId: 'req-1', ...more },
});

const decoders: [string, () => BatchDecoder<unknown>][] = [
  ['the runtime', () => new ChunkDecoder('req-1', false)],
  ['the runtime, of a model that writes what it thought', () => new ChunkDecoder('req-1', true)],
  [
    'bedrock-mantle',
    () => new ChatEvents(new AnswerReader({ headers: {}, prompt: () => 'Hi', trimStart: false }), 'req-1'),
  ],
];

describe.each(decoders)('a stream of %s', (_, decoder) => {
  function read(...records: unknown[]) {
    const reading = decoder();
    const items: unknown[] = [];
    for (const each of records) reading.push(Buffer.from(record(each)), items);
    reading.end();
    return { items, complete: reading.complete };
  }

  test('ends with its mark, and what follows that is not read', () => {
    const { items, complete } = read(hello, end, '[DONE]', '{"choices": broken', hello);
    expect(complete).toBe(true);
    expect(JSON.stringify(items)).toContain('Hello');
    expect(JSON.stringify(items).match(/Hello/g)).toHaveLength(1);
  });

  test('holds what no version of the API knows today', () => {
    const odd = { ...hello, later: { a: 1 }, choices: [{ ...hello.choices[0], later: true }] };
    expect(read(odd, end, { ...end, choices: [] }, '[DONE]').complete).toBe(true);
  });

  // biome-ignore format: a table
  test.each<[string, unknown[], object]>([
    ['nothing at all', [], early],
    ['a text without an end', [hello], early],
    ['an end without its mark', [hello, end], early],
    ['a mark without an end', [hello, '[DONE]'], early],
    ['what is no JSON', [hello, '{"choices": broken'], { message: expect.stringContaining('no JSON object') }],
    ['what is no object', [hello, '"words"'], { message: expect.stringContaining('no JSON object') }],
    ['a failure', [hello, { error: { code: 'rate_limit_exceeded', message: 'Slow down.' } }], said('ThrottlingException', 'Slow down.')],
    ['a failure by its type alone', [{ error: { type: 'invalid_request_error', message: 'No.', param: 'top_p' } }], said('ValidationException', 'No.', { param: 'top_p' })],
    ['a failure in words', [hello, { error: 'It broke.' }], said('InternalServerException', 'It broke.')],
    ['a failure that is a number', [hello, { error: 5 }], { name: 'FailedFrame' }],
    ['a path that is not there', [{ Output: { __type: 'com.amazon.coral.service#UnknownOperationException' } }], noAnswer('UnknownOperationException')],
    ['an exception', [{ __type: 'com.amazon.coral.service#InternalFailure' }], noAnswer('InternalFailure')],
  ])('that holds %s has failed', (_, records, error) => {
    expect(() => read(...records)).toThrow(expect.objectContaining(error));
  });
});

describe('what the runtime says', () => {
  const read = (tagged: boolean, ...records: object[]) => {
    const decoder = new ChunkDecoder(undefined, tagged);
    const items: NativeEvent[] = [];
    for (const each of [...records, '[DONE]']) decoder.push(Buffer.from(record(each)), items);
    return items.map(({ json, written }) => ({ written, chunk: JSON.parse(json) }));
  };

  test('is counted by its characters: text, thoughts, refusals and calls', () => {
    const call = { index: 0, function: { name: 'look', arguments: '{}' } };
    const items = read(
      false,
      chunk({ content: 'abc', reasoning: 'de', reasoning_content: 'f', refusal: 'g' }),
      chunk({ tool_calls: [call, { index: 1 }] }),
      { choices: [{ index: 0 }] },
      end,
    );
    expect(items.map(({ written }) => written)).toEqual([7, 6, 0, 0]);
  });

  test('waits where it says nothing yet, so that a failure can be met by another call', () => {
    const decoder = new ChunkDecoder(undefined, false);
    const items: NativeEvent[] = [];
    decoder.push(Buffer.from(record(chunk({ role: 'assistant', content: '' }))), items);
    expect(items).toEqual([]);
    decoder.push(Buffer.from(record(hello)), items);
    expect(items).toHaveLength(2);
  });

  test('goes on without a delta, and with none of its text where all of it was thought', () => {
    const items = read(true, chunk({ content: '<reasoning>So.</reasoning>' }), {
      choices: [{ index: 0, finish_reason: 'stop' }],
    });
    expect(items.map(({ chunk: { choices } }) => choices[0].delta)).toEqual([
      { reasoning: 'So.' },
      undefined,
    ]);
  });
});
