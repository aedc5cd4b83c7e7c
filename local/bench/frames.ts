import { encodeEvent } from '../simulator/event-stream.ts';

/** Texts of the length that models stream: a word or two an event. */
const words = ['The', ' quick', ' brown fox', ' jumps', ' over "the"', ' lazy', ' dog,\n', ' and', ' so on…'];

/** The frames of an answer of `count` text deltas, in the shape recorded from ConverseStream. */
export function answerFrames(count: number): Buffer[] {
  const deltas = Array.from({ length: count }, (_, nth) =>
    encodeEvent(
      'contentBlockDelta',
      { contentBlockIndex: 0, delta: { text: words[nth % words.length] } },
      nth,
    ),
  );
  const usage = { inputTokens: 25, outputTokens: count, totalTokens: 25 + count };
  return [
    encodeEvent('messageStart', { role: 'assistant' }),
    ...deltas,
    encodeEvent('contentBlockStop', { contentBlockIndex: 0 }),
    encodeEvent('messageStop', { stopReason: 'end_turn' }),
    encodeEvent('metadata', { usage, metrics: { latencyMs: 500 } }),
  ];
}

/** A whole answer of one delta. */
export const shortAnswer = () => Buffer.concat(answerFrames(1));
