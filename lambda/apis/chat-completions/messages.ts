import { openToolCallId, type StateKey } from '../../canonical/tool-call-state.ts';
import type { ContentBlock, Json, Message, ReasoningBlock, SystemBlock } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import {
  type Fields,
  isObject,
  notAllowed,
  parseJson,
  readArray,
  readName,
  readObject,
  readOptional,
  readString,
} from '../read.ts';
import {
  assistantParts,
  cachePoint,
  type PartContext,
  plainParts,
  readContent,
  toolParts,
  userParts,
} from './parts.ts';
import { readReasoningHistory, reasoningText } from './reasoning-history.ts';

export interface MessageContext extends PartContext {
  /** Opens the reasoning that tool call ids carry. */
  stateKey: StateKey;
}

export interface Conversation {
  system: SystemBlock[];
  messages: Message[];
}

/**
 * The conversation, one canonical message for each of the client's: leading system and developer messages
 * become system blocks, later ones stay in their place with role `system`, tool messages become user turns
 * with a tool result. Nothing is merged, renamed or left out here: that depends on the model.
 */
export function readMessages(messages: unknown[], context: MessageContext): Conversation {
  if (messages.length === 0) {
    throw badRequest("Invalid value for 'messages': it must hold at least one message.", 'messages');
  }
  const conversation: Conversation = { system: [], messages: [] };
  const functionCalls: string[] = [];
  for (const [i, item] of messages.entries()) {
    const path = `messages[${i}]`;
    const message = readObject(item, path);
    const content = readMessage(message, path, context, functionCalls);
    const role = roles[String(message.role)];
    if (role === 'system' && conversation.messages.length === 0)
      conversation.system.push(...(content as SystemBlock[]));
    else if (role) conversation.messages.push({ role, content });
  }
  if (conversation.messages.length > 0) return conversation;
  // Instructions alone are a request of their own to OpenAI's models; Converse wants a user's turn.
  return { system: [], messages: [{ role: 'user', content: conversation.system }] };
}

const roles: Record<string, Message['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'user',
  function: 'user',
};

function readMessage(
  message: Fields,
  path: string,
  context: MessageContext,
  functionCalls: string[],
): ContentBlock[] {
  const at = `${path}.content`;
  switch (message.role) {
    case 'system':
    case 'developer':
      return [...readContent(message.content, at, plainParts, context), ...cachePoint(message)];
    case 'user':
      return [...readContent(message.content, at, userParts, context), ...cachePoint(message)];
    case 'assistant':
      return [...readAssistant(message, path, context, functionCalls), ...cachePoint(message)];
    case 'tool': {
      const id = openToolCallId(
        readName(message.tool_call_id, `${path}.tool_call_id`),
        context.stateKey,
      ).toolUseId;
      return [...readToolResult(message, id, path, context), ...cachePoint(message)];
    }
    case 'function':
      // The older form has no ids: results answer the calls in their order.
      return readToolResult(
        message,
        functionCalls.shift() ?? `call_${readName(message.name, `${path}.name`)}`,
        path,
        context,
      );
    default:
      throw notAllowed(message.role, `${path}.role`, Object.keys(roles));
  }
}

/** Reasoning first, then text, then calls: the order in which the model made them. */
function readAssistant(
  message: Fields,
  path: string,
  context: MessageContext,
  functionCalls: string[],
): ContentBlock[] {
  const refusal = readOptional(message.refusal, `${path}.refusal`, readString);
  const content = [
    ...readContent(message.content, `${path}.content`, assistantParts, context),
    ...(refusal ? [{ text: refusal }] : []),
  ];
  const calls = readToolCalls(message, path, context, functionCalls);
  if (content.some((block) => 'reasoningContent' in block))
    return [...content, ...calls.flatMap(withoutState)];
  const echoed = readReasoningHistory(message);
  if (echoed.length > 0) return [...echoed, ...content, ...calls.flatMap(withoutState)];
  const text = reasoningText(message);
  const [first = [], ...rest] = calls.map(({ state, blocks }) => [...completed(state, text), ...blocks]);
  const before = first.filter((block) => 'reasoningContent' in block);
  const after = first.filter((block) => !('reasoningContent' in block));
  return [...before, ...content, ...after, ...rest.flat()];
}

interface ReadCall {
  state: ReasoningBlock[];
  blocks: ContentBlock[];
}

const withoutState = ({ blocks }: ReadCall) => blocks;

/** A long reasoning travels as its signature alone; its text is what the client echoed. */
function completed(state: ReasoningBlock[], text: string | undefined): ReasoningBlock[] {
  return state.map((block) => {
    const { reasoningText: told } = block.reasoningContent;
    if (told?.text !== '' || text === undefined || state.length > 1) return block;
    return { reasoningContent: { reasoningText: { ...told, text } } };
  });
}

function readToolCalls(
  message: Fields,
  path: string,
  context: MessageContext,
  functionCalls: string[],
): ReadCall[] {
  const calls = readOptional(message.tool_calls, `${path}.tool_calls`, readArray) ?? [];
  const read = calls.map((call, i) => readToolCall(call, `${path}.tool_calls[${i}]`, context));
  const legacy = readOptional(message.function_call, `${path}.function_call`, readObject);
  if (!legacy || read.length > 0) return read;
  const name = readName(legacy.name, `${path}.function_call.name`);
  const toolUseId = `call_${path.replace(/\D+/g, '')}_${name}`;
  functionCalls.push(toolUseId);
  const input = readArguments(legacy.arguments, name, `${path}.function_call.arguments`);
  return [{ state: [], blocks: [{ toolUse: { toolUseId, name, input } }] }];
}

function readToolCall(item: unknown, path: string, { stateKey }: MessageContext): ReadCall {
  const call = readObject(item, path);
  const { toolUseId, state = [] } = openToolCallId(readName(call.id, `${path}.id`), stateKey);
  const marks = cachePoint(call);
  if (isObject(call.custom)) {
    const name = readName(call.custom.name, `${path}.custom.name`);
    const input = { input: readString(call.custom.input, `${path}.custom.input`) };
    return { state, blocks: [{ toolUse: { toolUseId, name, input } }, ...marks] };
  }
  const fn = readObject(call.function, `${path}.function`);
  const name = readName(fn.name, `${path}.function.name`);
  const input = readArguments(fn.arguments, name, `${path}.function.arguments`);
  return { state, blocks: [{ toolUse: { toolUseId, name, input } }, ...marks] };
}

/** Streaming clients send `""` for a call without arguments; Converse wants an object. */
function readArguments(value: unknown, name: string, path: string): Json {
  const text = isObject(value) ? JSON.stringify(value) : (readOptional(value, path, readString) ?? '');
  if (text.trim() === '') return {};
  const parsed = parseJson(text);
  if (parsed?.value === null || parsed?.value === '') return {};
  if (!isObject(parsed?.value)) {
    const what = parsed ? 'JSON, but not an object' : 'not valid JSON';
    throw badRequest(
      `Invalid value for '${path}': the arguments of the call to '${name.slice(0, 64)}' are ${what}.`,
      path,
    );
  }
  return parsed.value as Json;
}

function readToolResult(
  message: Fields,
  toolUseId: string,
  path: string,
  context: MessageContext,
): ContentBlock[] {
  const content = readContent(message.content, `${path}.content`, toolParts, context);
  const failed = message.is_error === true || message.status === 'error';
  const isContent = (block: ContentBlock) => !('cachePoint' in block);
  // A cache point cannot stand inside a result; behind it, it covers the same prefix.
  return [
    {
      toolResult: {
        toolUseId,
        content: content.filter(isContent).filter((b) => !('text' in b) || b.text.trim() !== '') as never,
        ...(failed && { status: 'error' as const }),
      },
    },
    ...content.filter((block) => !isContent(block)),
  ];
}
