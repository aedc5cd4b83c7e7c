import { isBlankText, isCachePoint } from '../../canonical/blocks.ts';
import type {
  ContentBlock,
  Message,
  SystemBlock,
  ToolResultBlock,
  ToolResultContent,
} from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { readContent } from '../content/parts.ts';
import { openResultId } from '../reasoning/sealed-id.ts';
import { type Fields, notAllowed, readName, readObject, readOptional, readString } from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';
import { assistantParts, plainParts, toolParts, userParts } from './parts.ts';
import { type ConversationContext, type MessageContext, OpenCalls } from './reading.ts';
import { placeReasoning } from './reasoning-history.ts';
import { readToolCalls } from './tool-calls.ts';

export interface Conversation {
  system: SystemBlock[];
  messages: Message[];
  /** What was lost on the way to the client and back. */
  warnings: string[];
}

/**
 * The conversation, one canonical message for each of the client's: leading system and developer messages
 * become system blocks, later ones stay in their place with role `system`, tool messages become user turns
 * with a tool result. Nothing is merged, renamed or left out here: that depends on the model, and so does whether there must be a message.
 */
export function readMessages(given: unknown[], context: ConversationContext): Conversation {
  const system: SystemBlock[] = [];
  const messages: Message[] = [];
  const reading: MessageContext = { ...context, legacyCallIds: new OpenCalls(), lostStates: 0 };
  for (let i = 0; i < given.length; i += 1) {
    const path = `messages[${i}]`;
    const message = readMessage(readObject(given[i], path), path, reading);
    const isLeading = message.role === 'system' && messages.length === 0;
    if (isLeading) for (const block of message.content) system.push(block as SystemBlock);
    else messages.push(message);
  }
  const warnings = reading.lostStates > 0 ? [lostStates(reading.lostStates)] : [];
  // Instructions alone are a request of their own to OpenAI's models; Converse wants a user's turn.
  if (messages.length === 0 && system.length > 0) {
    return { system: [], messages: [{ role: 'user', content: system }], warnings };
  }
  return { system, messages, warnings };
}

const lostStates = (calls: number) =>
  `the reasoning of ${calls} tool call(s) is lost: the client cut their ids or changed them, or another key made them`;

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

function readMessage(message: Fields, path: string, context: MessageContext): Message {
  const read = readUnmarked(message, path, context);
  pushCachePoint(read.content, message);
  return read;
}

function readUnmarked(message: Fields, path: string, context: MessageContext): Message {
  switch (message.role as (typeof roles)[number]) {
    case 'system':
    case 'developer':
      return {
        role: 'system',
        content: readContent(message.content, `${path}.content`, plainParts, context),
      };
    case 'user':
      context.legacyCallIds.interrupt();
      return { role: 'user', content: readContent(message.content, `${path}.content`, userParts, context) };
    case 'assistant':
      return { role: 'assistant', content: readAssistant(message, path, context) };
    case 'tool': {
      const id = readName(message.tool_call_id, `${path}.tool_call_id`);
      const toolUseId = openResultId(id, context.stateKey);
      return { role: 'user', content: readToolResult(message, toolUseId, path, context) };
    }
    case 'function': {
      // The older form has no ids: results answer the calls in their order, the latest turn's first.
      const id = context.legacyCallIds.shift() ?? `call_${readToolName(message.name, `${path}.name`)}`;
      return { role: 'user', content: readToolResult(message, id, path, context) };
    }
    default:
      throw notAllowed(message.role, `${path}.role`, roles);
  }
}

/** Reasoning, text and calls in the order in which the model made them. */
function readAssistant(message: Fields, path: string, context: MessageContext): ContentBlock[] {
  const refusal = readOptional(message.refusal, `${path}.refusal`, readString);
  const content = readContent(message.content, `${path}.content`, assistantParts, context);
  if (refusal) content.push({ text: refusal });
  const calls = readToolCalls(message, path, context);
  // A client that sends reasoning as content has kept its place.
  const placed = content.some(isReasoning) ? undefined : placeReasoning(message, calls, context.bytes);
  const blocks = placed ? [...placed.front, ...content] : content;
  calls.forEach((call, i) => {
    for (const block of placed?.before[i] ?? []) blocks.push(block);
    for (const block of call.blocks) blocks.push(block);
  });
  return blocks;
}

const isReasoning = (block: ContentBlock): boolean => 'reasoningContent' in block;

function readToolResult(
  message: Fields,
  toolUseId: string,
  path: string,
  context: MessageContext,
): ContentBlock[] {
  const blocks = readContent(message.content, `${path}.content`, toolParts, context);
  const content = blocks.every(isOfResult) ? blocks : blocks.filter(isOfResult);
  const result: ToolResultBlock = { toolResult: { toolUseId, content: content as ToolResultContent[] } };
  if (message.is_error === true || message.status === 'error') result.toolResult.status = 'error';
  // A cache point cannot stand inside a result; behind it, it covers the same prefix.
  return [result, ...blocks.filter(isCachePoint)];
}

const isOfResult = (block: ContentBlock): boolean => !isCachePoint(block) && !isBlankText(block);
