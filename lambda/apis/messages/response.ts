import { isClientToolUse } from '../../canonical/blocks.ts';
import { objectInput } from '../../canonical/tool-input.ts';
import type {
  Citation,
  ContentBlock,
  ConverseAnswer,
  JsonObject,
  ReasoningBlock,
} from '../../canonical/types.ts';
import type { AnswerHead } from '../api.ts';
import { citationOf } from './citations.ts';
import type { Rendering } from './rendering.ts';
import { endingOf } from './stop-reason.ts';
import { type MessagesUsage, messagesUsage } from './usage.ts';

/** The id of a message: 24 characters of the request's, which identifies the answer in the gateway's logs too. */
export function messageId(requestId: string): string {
  const plain = requestId.replace(/^req_/, '').replace(/[^A-Za-z0-9]/g, '');
  return `msg_${plain.slice(0, 24).padEnd(24, '0')}`;
}

/** What a message is before it has an end (https://docs.anthropic.com/en/api/messages). */
export function emptyMessage(
  { requestId, model }: Omit<AnswerHead, 'createdAt'>,
  usage: Partial<MessagesUsage>,
) {
  return {
    id: messageId(requestId),
    type: 'message' as const,
    role: 'assistant' as const,
    model,
    content: [] as MessageBlock[],
    stop_reason: null as string | null,
    stop_sequence: null as string | null,
    stop_details: null as object | null,
    container: null,
    usage,
  };
}

/** A canonical answer as a message. */
export function writeMessage(answer: ConverseAnswer, head: AnswerHead, rendering: Rendering): object {
  const content = answer.output.message.content.flatMap((block) => blockOf(block, rendering));
  const calls = content.some(({ type }) => type === 'tool_use');
  return {
    ...emptyMessage(head, messagesUsage(answer.usage, answer.serviceTier)),
    content,
    ...endingOf(answer, calls, rendering),
  };
}

export type MessageBlock =
  | { type: 'text'; text: string; citations?: JsonObject[] }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input: JsonObject };

/** A block for the client; none for what ran inside Bedrock, and for a text without anything in it. */
function blockOf(block: ContentBlock, rendering: Rendering): MessageBlock[] {
  if ('text' in block) return textOf(block.text, []);
  if ('reasoningContent' in block) return reasoningOf(block, rendering);
  if ('citationsContent' in block) {
    const { content = [], citations = [] } = block.citationsContent;
    return textOf(content.map(({ text }) => text).join(''), citations);
  }
  if (!isClientToolUse(block)) return [];
  const { toolUseId: id, name, input } = block.toolUse;
  return [{ type: 'tool_use', id, name, input: objectInput(input ?? {}) }];
}

function textOf(text: string, cited: readonly Citation[]): MessageBlock[] {
  const citations = cited.map(citationOf).filter((citation) => citation !== undefined);
  if (text === '' && citations.length === 0) return [];
  return [{ type: 'text', text, ...(citations.length > 0 && { citations }) }];
}

/** The reasoning of models that sign none has an empty signature: clients demand that there is one. */
function reasoningOf({ reasoningContent }: ReasoningBlock, { hideReasoning }: Rendering): MessageBlock[] {
  const { reasoningText, redactedContent } = reasoningContent;
  if (redactedContent !== undefined) return [{ type: 'redacted_thinking', data: redactedContent }];
  const { text = '', signature } = reasoningText ?? {};
  if (!hideReasoning) return [{ type: 'thinking', thinking: text, signature: signature ?? '' }];
  return signature === undefined ? [] : [{ type: 'thinking', thinking: '', signature }];
}
