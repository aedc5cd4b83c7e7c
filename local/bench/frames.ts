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

/** The same answer as Claude gives it in its own API, in the shape recorded from InvokeModelWithResponseStream. */
export function nativeFrames(count: number): Buffer[] {
  const chunk = (event: object, nth = 0) =>
    encodeEvent('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }, nth);
  const usage = { input_tokens: 25, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = {
    model: 'claude-haiku-4-5-20251001',
    id: 'msg_bdrk_01XFDUDYJgAACzvnptvVoYEL',
    type: 'message',
    role: 'assistant',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  };
  const deltas = Array.from({ length: count }, (_, nth) => {
    const delta = { type: 'text_delta', text: words[nth % words.length] };
    return chunk({ type: 'content_block_delta', index: 0, delta }, nth);
  });
  return [
    chunk({ type: 'message_start', message }),
    chunk({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ...deltas,
    chunk({ type: 'content_block_stop', index: 0 }),
    chunk({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: count },
    }),
    chunk({
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: 25,
        outputTokenCount: count,
        invocationLatency: 500,
        firstByteLatency: 50,
      },
    }),
  ];
}

/** A whole answer of one delta. */
export const shortAnswer = () => Buffer.concat(answerFrames(1));
export const shortNativeAnswer = () => Buffer.concat(nativeFrames(1));
