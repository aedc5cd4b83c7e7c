import type { AnswerBlock } from '../../answer/answer.ts';
import { writtenTokens } from '../../converse/usage.ts';
import type { Step } from '../../operation.ts';
import { chunk } from '../../reply.ts';
import { blockOf, messageOf, type NativeBlock, type Outcome, stopOf } from './message.ts';

/** The message as a stream. Bedrock sends no pings, and its own counts come with the last event (recorded). */
export function* eventsOf(outcome: Outcome): Iterable<Step> {
  const { answer, counted, guardrail } = outcome;
  yield chunk({ type: 'message_start', message: openMessage(outcome) });
  for (const [index, block] of answer.blocks.entries()) yield* blockEvents(block, index);
  const { cache_creation: _, ...usage } = messageOf(outcome).usage;
  // Models that do not cache count their output only (recorded).
  const { output_tokens } = usage;
  const cached = outcome.call.model.family.caching !== undefined;
  yield chunk({ type: 'message_delta', delta: stopOf(answer), usage: cached ? usage : { output_tokens } });
  const { input, output, read } = counted;
  const write = writtenTokens(counted);
  yield chunk({
    type: 'message_stop',
    ...guardrail,
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: input,
      outputTokenCount: output,
      ...(read > 0 && { cacheReadInputTokenCount: read }),
      ...(write > 0 && { cacheWriteInputTokenCount: write }),
      invocationLatency: latencyOf(outcome),
      firstByteLatency: 50,
    },
  });
}

export const latencyOf = ({ counted }: Outcome): number => 50 + 4 * counted.output;

/** What goes in is known; of what comes out, one token (recorded: from 1 to 8). */
function openMessage(outcome: Outcome) {
  const { usage, stop_details: _, ...message } = messageOf(outcome);
  const { output_tokens_details: __, ...known } = usage;
  return {
    ...message,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...known, output_tokens: Math.min(1, usage.output_tokens) },
  };
}

function* blockEvents(block: AnswerBlock, index: number): Iterable<Step> {
  const whole = blockOf(block);
  yield chunk({ type: 'content_block_start', index, content_block: opened(whole) });
  for (const delta of deltasOf(whole, block)) yield chunk({ type: 'content_block_delta', index, delta });
  yield chunk({ type: 'content_block_stop', index });
}

/** What grows is empty at first; redacted reasoning and results of servers are there at once. */
function opened(block: NativeBlock): NativeBlock {
  switch (block.type) {
    case 'text':
      return { ...block, text: '', ...(block.citations !== undefined && { citations: [] }) };
    case 'thinking':
      return { ...block, thinking: '', signature: '' };
    case 'tool_use':
    case 'server_tool_use':
      return { ...block, input: {} };
    default:
      return block;
  }
}

function* deltasOf(whole: NativeBlock, block: AnswerBlock): Iterable<object> {
  for (const text of words(whole.text)) yield { type: 'text_delta', text };
  for (const citation of (whole.citations as object[] | undefined) ?? [])
    yield { type: 'citations_delta', citation };
  for (const thinking of words(whole.thinking)) yield { type: 'thinking_delta', thinking };
  if (whole.signature) yield { type: 'signature_delta', signature: whole.signature };
  if ('toolUse' in block)
    for (const partial_json of fragments(block.toolUse.input))
      yield { type: 'input_json_delta', partial_json };
}

const words = (text: unknown): string[] => String(text ?? '').match(/\s*\S+|\s+/g) ?? [];

/** JSON in pieces, the first one always empty (recorded), and the only one of a call without arguments. */
function fragments(input: unknown): string[] {
  const json = typeof input === 'string' ? input : JSON.stringify(input);
  return ['', ...(json === '{}' ? [] : (json.match(/[\s\S]{1,12}/gu) ?? []))];
}
