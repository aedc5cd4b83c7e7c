import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awkwardPieces } from '../../../local/simulator/awkward.ts';
import { encodeError, encodeEvent, encodeFrame } from '../../../local/simulator/event-stream.ts';
import { readFrames } from './frames.ts';

interface Recording {
  events: { type: string; payload: object }[];
  bytes: string;
}
const recorded: Recording = JSON.parse(
  readFileSync(new URL('../../golden/simulator/recorded-stream.json', import.meta.url), 'utf8'),
);

describe('frames', () => {
  test('are, byte for byte, those that Bedrock was recorded to send', () => {
    const bytes = Buffer.concat(
      recorded.events.map(({ type, payload }) =>
        encodeFrame(
          { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
          Buffer.from(JSON.stringify(payload)),
        ),
      ),
    );
    expect(bytes.toString('base64')).toBe(recorded.bytes);
  });

  test('of ours have the keys of the recorded ones', () => {
    for (const { type, payload } of recorded.events) {
      const [frame] = readFrames(encodeEvent(type, { ...payload }));
      expect(Object.keys(frame!.payload)).toEqual(Object.keys(payload));
    }
  });

  test('carry any payload', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (payload) => {
        const [frame] = readFrames(encodeEvent('contentBlockDelta', payload));
        expect({ ...frame!.payload, p: 0 }).toEqual({ ...JSON.parse(JSON.stringify(payload)), p: 0 });
      }),
    );
  });

  test('of errors carry code and text as headers', () => {
    const [frame] = readFrames(encodeError('InternalFailure', 'Ouch'));
    expect(frame!.headers).toEqual({
      ':error-code': 'InternalFailure',
      ':error-message': 'Ouch',
      ':message-type': 'error',
    });
  });
});

test('awkward pieces are the bytes, and cut the length and a wide character', () => {
  const bytes = encodeEvent('contentBlockDelta', { delta: { text: 'Grüße' } });
  const pieces = awkwardPieces(bytes);
  expect(Buffer.concat(pieces)).toEqual(bytes);
  expect(pieces[0]).toHaveLength(1);
  expect(pieces.some((piece) => piece.at(-1) === 0xc3)).toBe(true);
});
