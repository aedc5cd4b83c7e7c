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

/** The same answer as a GPT gives it in OpenAI's Responses, in the shape of their stream on the runtime. */
export function responsesFrames(count: number): Buffer[] {
  const id = 'msg_0a1b2c3d4e5f60718293a4b5';
  let nth = 0;
  const record = (type: string, more: object) =>
    Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: nth++, ...more })}\n\n`);
  const response = {
    id: 'resp_0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    object: 'response',
    created_at: 1_790_000_000,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model: 'us.openai.gpt-5.6-sol',
    output: [] as object[],
    usage: null as object | null,
  };
  const at = { item_id: id, output_index: 0, content_index: 0 };
  const item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] as object[] };
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const begun = [
    record('response.created', { response }),
    record('response.in_progress', { response }),
    record('response.output_item.added', { output_index: 0, item }),
    record('response.content_part.added', { ...at, part }),
  ];
  const deltas = Array.from({ length: count }, (_, i) =>
    record('response.output_text.delta', { ...at, delta: words[i % words.length], logprobs: [] }),
  );
  const text = Array.from({ length: count }, (_, i) => words[i % words.length]).join('');
  const whole = { ...item, status: 'completed', content: [{ ...part, text }] };
  const usage = {
    input_tokens: 25,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: count,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 25 + count,
  };
  return [
    ...begun,
    ...deltas,
    record('response.output_text.done', { ...at, text, logprobs: [] }),
    record('response.content_part.done', { ...at, part: { ...part, text } }),
    record('response.output_item.done', { output_index: 0, item: whole }),
    record('response.completed', { response: { ...response, status: 'completed', output: [whole], usage } }),
  ];
}

/** A whole answer of one delta. */
export const shortAnswer = () => Buffer.concat(answerFrames(1));
export const shortNativeAnswer = () => Buffer.concat(nativeFrames(1));
