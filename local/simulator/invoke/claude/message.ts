import type { Answer, AnswerBlock } from '../../answer/answer.ts';
import { tokensOfText } from '../../answer/tokens.ts';
import { type Counted, writtenTokens } from '../../converse/usage.ts';
import { anthropicName } from '../../models/claude-models.ts';
import type { Call } from '../../operation.ts';
import type { MessagesBody } from './body.ts';
import { citationOf } from './citations.ts';
import { callId, guardrailMessageId, messageId, serverCallId } from './ids.ts';

export type NativeBlock = Record<string, unknown> & { type: string };

/** An answer with all that is needed to tell it. */
export interface Outcome {
  answer: Answer;
  counted: Counted;
  body: MessagesBody;
  call: Call;
  /** What a guardrail adds beside the model's own members. */
  guardrail: object;
}

/** The message as Anthropic spells it, its keys in the recorded order. */
export function messageOf({ answer, counted, body, call }: Outcome) {
  return {
    model: anthropicName(call.model.id),
    id: answer.blocked ? guardrailMessageId(body) : messageId(body),
    type: 'message',
    role: 'assistant',
    content: answer.blocks.map(blockOf),
    ...stopOf(answer),
    usage: usageOf(counted, answer, body, call),
  };
}

/** A guardrail leaves the reason as it is (recorded); what Converse calls filtered is a refusal here. */
function reasonOf({ stopReason, blocks }: Answer): string {
  if (stopReason === 'content_filtered') return 'refusal';
  if (stopReason !== 'guardrail_intervened') return stopReason;
  return blocks.some((block) => 'toolUse' in block) ? 'tool_use' : 'end_turn';
}

/** `stop_details` are there for refusals only. */
export function stopOf(answer: Answer) {
  const { stopSequence } = answer;
  const stop_reason = reasonOf(answer);
  const refused = stop_reason === 'refusal';
  return {
    stop_reason,
    stop_sequence: stopSequence,
    ...(refused && { stop_details: { type: 'refusal', category: null, explanation: null } }),
  };
}

/** Models that cache say what was cached; those with an hour also for how long (recorded). */
export function usageOf(counted: Counted, answer: Answer, body: MessagesBody, { model }: Call) {
  const { input, output, read, written } = counted;
  const tokens = (ttl: string) => written.find((each) => each.ttl === ttl)?.tokens ?? 0;
  const { caching } = model.family;
  const thinks = body.anthropic_beta?.some((flag) => flag.startsWith('thinking-token-count'));
  return {
    input_tokens: input,
    ...(caching && {
      cache_creation_input_tokens: writtenTokens(counted),
      cache_read_input_tokens: read,
      ...(caching.ttl1h && {
        cache_creation: {
          ephemeral_5m_input_tokens: tokens('5m'),
          ephemeral_1h_input_tokens: tokens('1h'),
        },
      }),
    }),
    output_tokens: output,
    ...(thinks && { output_tokens_details: { thinking_tokens: thinkingTokens(answer) } }),
  };
}

const thinkingTokens = ({ blocks }: Answer): number =>
  blocks.reduce(
    (sum, block) =>
      sum +
      ('reasoningContent' in block ? tokensOfText(block.reasoningContent.reasoningText?.text ?? '') : 0),
    0,
  );

export function blockOf(block: AnswerBlock): NativeBlock {
  if ('text' in block) return { type: 'text', text: block.text };
  if ('reasoningContent' in block) {
    const { reasoningText, redactedContent } = block.reasoningContent;
    if (redactedContent !== undefined) return { type: 'redacted_thinking', data: redactedContent };
    return {
      type: 'thinking',
      thinking: reasoningText?.text ?? '',
      signature: reasoningText?.signature ?? '',
    };
  }
  if ('toolUse' in block) return callOf(block.toolUse);
  if ('toolResult' in block) {
    const content = { type: 'tool_search_tool_search_result', tool_references: [] };
    return {
      type: 'tool_search_tool_result',
      tool_use_id: serverCallId(block.toolResult.toolUseId),
      content,
    };
  }
  const { content = [], citations } = block.citationsContent;
  return {
    type: 'text',
    text: content.map(({ text }) => text).join(''),
    citations: citations.map(citationOf),
  };
}

/** Arguments that were cut off in mid-air are no JSON, and there is no other way to say them here. */
function callOf({ toolUseId, name, input, type }: Extract<AnswerBlock, { toolUse: unknown }>['toolUse']) {
  const server = type === 'server_tool_use';
  return {
    type: server ? 'server_tool_use' : 'tool_use',
    id: server ? serverCallId(toolUseId) : callId(toolUseId),
    name,
    input: typeof input === 'string' ? {} : input,
  };
}
