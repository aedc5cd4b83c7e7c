import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callError } from '../../../../lambda/backends/errors/call-error.ts';
import { FailedFrame } from '../../../../lambda/backends/errors/failed-frame.ts';
import { CorruptStream } from '../../../../lambda/backends/stream/corrupt-stream.ts';
import { eventDecoder, readConverseEvent } from '../../../../lambda/backends/stream/events.ts';
import { FrameDecoder } from '../../../../lambda/backends/stream/frames.ts';
import type { ConverseEvent } from '../../../../lambda/canonical/types.ts';
import {
  encodeError,
  encodeEvent,
  encodeException,
  encodeFrame,
} from '../../../../local/simulator/event-stream.ts';

const golden = new URL('../../../golden/backends/', import.meta.url);
const recordings = readdirSync(golden)
  .filter((file) => file.startsWith('recorded-'))
  .map((file) => JSON.parse(readFileSync(new URL(file, golden), 'utf8')))
  .map(({ model, source, body, events }) => ({ model, source, body: Buffer.from(body, 'base64'), events }));

function decode(chunks: Iterable<Buffer>): ConverseEvent[] {
  const decoder = eventDecoder(readConverseEvent, 'r1');
  const events: ConverseEvent[] = [];
  for (const chunk of chunks) decoder.push(chunk, events);
  decoder.end();
  return events;
}

function* cut(body: Buffer, places: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    yield body.subarray(at, place);
    at = place;
  }
  yield body.subarray(at);
}

function failure(chunks: Iterable<Buffer>): unknown {
  try {
    decode(chunks);
  } catch (error) {
    return error;
  }
  throw new Error('no failure');
}

/** The same as clients see it. */
const shown = (chunks: Iterable<Buffer>) =>
  callError(failure(chunks), { model: 'm', signal: new AbortController().signal });

describe('recorded streams', () => {
  test.each(recordings)('$model ($source)', ({ body, events }) => {
    expect(decode([body])).toEqual(events);
  });

  test.each(recordings)('$model byte by byte', ({ body, events }) => {
    expect(decode(Array.from(body, (_, i) => body.subarray(i, i + 1)))).toEqual(events);
  });

  test('any split of the bytes gives the same events', () => {
    const anyCut = fc
      .constantFrom(...recordings)
      .chain((recording) =>
        fc.tuple(fc.constant(recording), fc.array(fc.integer({ min: 0, max: recording.body.length }))),
      );
    fc.assert(
      fc.property(anyCut, ([{ body, events }, places]) => {
        expect(decode(cut(body, places))).toEqual(events);
      }),
    );
  });

  test('any truncation is detected, or falls between two frames', () => {
    const { body, events } = recordings[0]!;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: body.length - 1 }), (length) => {
        try {
          expect(events.slice(0, -1)).toEqual(expect.arrayContaining(decode([body.subarray(0, length)])));
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptStream);
        }
      }),
    );
  });

  test('any changed byte is detected', () => {
    const { body } = recordings[0]!;
    const change = fc.tuple(fc.nat({ max: body.length - 1 }), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(change, ([at, difference]) => {
        const damaged = Buffer.from(body);
        damaged[at]! ^= difference;
        expect(failure([damaged])).toBeInstanceOf(CorruptStream);
      }),
    );
  });
});

describe('frames', () => {
  const frames = (chunk: Buffer) => {
    const seen: { type: string; payload: string }[] = [];
    const decoder = new FrameDecoder((headers, bytes, start, end) =>
      seen.push({ type: headers.type, payload: bytes.toString('utf8', start, end) }),
    );
    decoder.push(chunk);
    decoder.end();
    return seen;
  };

  test('headers of every type are read over', () => {
    const header = (name: string, type: number, ...value: number[]) => [
      name.length,
      ...Buffer.from(name),
      type,
      ...value,
    ];
    const zeros = (length: number) => Array.from({ length }, () => 0);
    const headers = Buffer.from([
      ...header('a', 0),
      ...header('b', 1),
      ...header('c', 2, 7),
      ...header('d', 3, ...zeros(2)),
      ...header('e', 4, ...zeros(4)),
      ...header('f', 5, ...zeros(8)),
      ...header('g', 6, 0, 2, 1, 2),
      ...header('h', 8, ...zeros(8)),
      ...header('i', 9, ...zeros(16)),
      ...header(':event-type', 7, 0, 5, ...Buffer.from('chunk')),
    ]);
    expect(frames(withHeaders(headers, '{}'))).toEqual([{ type: 'chunk', payload: '{}' }]);
  });

  test.each([
    ['a type that does not exist', [1, 97, 10]],
    ['a value beyond the headers', [1, 97, 7, 0, 9, 1]],
    ['a length beyond the headers', [1, 97, 7, 0]],
    ['a name beyond the headers', [200, 97]],
  ])('headers with %s are corrupt', (_, bytes) => {
    expect(() => frames(withHeaders(Buffer.from(bytes), '{}'))).toThrow(CorruptStream);
  });

  test.each([
    ['a frame beyond the largest', 0x7fffffff, 0],
    ['headers beyond the largest', 0x200000, 0x100000],
    ['headers longer than their frame', 32, 64],
    ['a frame shorter than its frame', 8, 0],
  ])('%s is refused by its lengths alone', (_, length, headersLength) => {
    const prelude = withHeaders(Buffer.alloc(0), '').subarray(0, 12);
    prelude.writeUInt32BE(length, 0);
    prelude.writeUInt32BE(headersLength, 4);
    prelude.writeUInt32BE(crc(prelude.subarray(0, 8)), 8);
    expect(() => frames(prelude)).toThrow(CorruptStream);
  });

  test('header blocks without end are not remembered without end', () => {
    for (let i = 0; i < 100; i += 1) expect(frames(encodeEvent(`type${i}`, {}))[0]?.type).toBe(`type${i}`);
    const all = Buffer.concat(Array.from({ length: 100 }, (_, i) => encodeEvent(`type${i}`, {})));
    expect(frames(all).map(({ type }) => type)).toEqual(Array.from({ length: 100 }, (_, i) => `type${i}`));
  });
});

describe('events', () => {
  const start = encodeEvent('messageStart', { role: 'assistant' });

  test('the padding is taken off and unknown events are passed over', () => {
    const unknown = encodeEvent('contentBlockThought', { contentBlockIndex: 0 });
    expect(decode([Buffer.concat([unknown, start])])).toEqual([{ messageStart: { role: 'assistant' } }]);
  });

  test('what came before an exception is not lost', () => {
    const exception = encodeException('throttlingException', { message: 'Too many tokens, please wait.' });
    const decoder = eventDecoder(readConverseEvent, 'r1');
    const events: ConverseEvent[] = [];
    expect(() => decoder.push(Buffer.concat([start, exception, start]), events)).toThrow(FailedFrame);
    expect(events).toHaveLength(1);
  });

  test('an exception is an error of the table', () => {
    const body = {
      message: 'Bedrock is unable to process your request.',
      originalStatusCode: 500,
      originalMessage: 'x',
    };
    expect(shown([encodeException('modelStreamErrorException', body)])).toMatchObject({
      status: 502,
      reason: 'model_error',
      message: 'The model `m` failed: x',
      upstream: { name: 'ModelStreamErrorException', requestId: 'r1' },
    });
  });

  test('an exception whose payload is no JSON', () => {
    const headers = { ':exception-type': 'validationException', ':message-type': 'exception' };
    expect(shown([encodeFrame(headers, Buffer.from('bad'))])).toMatchObject({
      status: 400,
      message: 'bad',
    });
  });

  test.each([
    ['throttlingException', 429],
    ['InternalError', 500],
  ])('an error frame %s', (code, status) => {
    expect(shown([encodeError(code, 'no')])).toMatchObject({ status, upstream: { message: 'no' } });
  });

  test('a payload that is no JSON fails', () => {
    const headers = { ':event-type': 'messageStart', ':message-type': 'event' };
    expect(failure([encodeFrame(headers, Buffer.from('{'))])).toBeInstanceOf(SyntaxError);
  });
});

function withHeaders(headers: Buffer, payload: string): Buffer {
  const frame = Buffer.alloc(16 + headers.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(headers.length, 4);
  frame.writeUInt32BE(crc(frame.subarray(0, 8)), 8);
  frame.set(headers, 12);
  frame.write(payload, 12 + headers.length);
  frame.writeUInt32BE(crc(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

/** Bit by bit, so that a wrong checksum here and in the decoder cannot agree. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
