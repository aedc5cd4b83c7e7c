import { type ByteBudget, bounds } from '../../bounds.ts';
import { parseJsonObjects } from '../../canonical/json-objects.ts';
import type { CachePointBlock, Json, ReasoningBlock, ToolUseBlock } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { openToolCallId } from '../reasoning/sealed-id.ts';
import { badRequest } from '../shared/bad-request.ts';
import {
  type Fields,
  isObject,
  parseJson,
  readArray,
  readName,
  readObject,
  readOptional,
  readString,
} from '../shared/json.ts';
import { isNestedTooDeep, maxNesting } from '../shared/nesting.ts';
import { readToolName } from '../shared/tool-name.ts';
import type { MessageContext } from './reading.ts';
import { carriedBeside } from './reasoning-history.ts';

/** A tool call of the history. */
export interface ReadCall {
  /** The reasoning that it carries: what the model thought right before it. */
  carried: ReasoningBlock[];
  /** The call, or several where the client ran several into one; then the cache points behind it. */
  blocks: (ToolUseBlock | CachePointBlock)[];
}

/** The calls of an assistant message, in order. The older form, `function_call`, counts where there is no other. */
export function readToolCalls(message: Fields, path: string, context: MessageContext): ReadCall[] {
  const given = readOptional(message.tool_calls, `${path}.tool_calls`, readArray) ?? [];
  const calls = given.map((call, i) => readToolCall(call, `${path}.tool_calls[${i}]`, context));
  const legacy = readOptional(message.function_call, `${path}.function_call`, readObject);
  if (!legacy || calls.length > 0) return calls;
  const at = `${path}.function_call`;
  const name = readToolName(legacy.name, `${at}.name`);
  const toolUseId = `call_${path.replace(/\D+/g, '')}_${name.slice(0, 64)}`;
  context.legacyCallIds.push(toolUseId);
  return [{ carried: [], blocks: usesOf(toolUseId, name, legacy.arguments, `${at}.arguments`, context) }];
}

function readToolCall(item: unknown, path: string, context: MessageContext): ReadCall {
  const call = readObject(item, path);
  const id = readName(call.id, `${path}.id`);
  const { toolUseId, state = [], lost } = openToolCallId(id, context.stateKey, context.bytes);
  const beside = carriedBeside(call);
  if (lost && beside.length === 0) context.lostStates += 1;
  const carried = beside.length > 0 ? beside : state;
  if (isObject(call.custom)) {
    const name = readToolName(call.custom.name, `${path}.custom.name`);
    const input = { input: readString(call.custom.input, `${path}.custom.input`) };
    return withMark({ carried, blocks: [{ toolUse: { toolUseId, name, input } }] }, call);
  }
  const fn = readObject(call.function, `${path}.function`);
  const name = readToolName(fn.name, `${path}.function.name`);
  const blocks = usesOf(toolUseId, name, fn.arguments, `${path}.function.arguments`, context);
  return withMark({ carried, blocks }, call);
}

function withMark(read: ReadCall, call: Fields): ReadCall {
  pushCachePoint(read.blocks, call);
  return read;
}

/** Models sometimes write the arguments of several calls into one (BerriAI/litellm#20543): they become several. */
function usesOf(
  toolUseId: string,
  name: string,
  value: unknown,
  path: string,
  { bytes }: { bytes: ByteBudget },
): ToolUseBlock[] {
  const inputs = readArguments(value, path);
  if (inputs.length > bounds.callsInOne) {
    throw badRequest(
      `Invalid value for '${path}': it holds the arguments of ${inputs.length} calls; at most ${bounds.callsInOne} are taken apart. Send each call by itself.`,
      path,
    );
  }
  // The first has its name and id in the request; the others repeat them.
  bytes.spend((inputs.length - 1) * (name.length + toolUseId.length), path);
  return inputs.map((input, i) => ({
    toolUse: { toolUseId: i === 0 ? toolUseId : `${toolUseId}_${i}`, name, input },
  }));
}

/**
 * What a model wrote as arguments comes back as the client was given it, cut off by `max_tokens` or no object at all,
 * and must not end the conversation (langchain-ai/langchain-aws#1289). What is no object goes on as it is: `fit`
 * finds it a place. Streaming clients send `""` for a call without arguments.
 */
function readArguments(value: unknown, path: string): Json[] {
  const input = typeof value === 'string' ? unwrapped(value) : ((value ?? null) as Json);
  if (input === null || (typeof input === 'string' && input.trim() === '')) return [{}];
  const inputs = typeof input === 'string' ? (parseJsonObjects(input) ?? [input]) : [input];
  // Each level takes two characters; what is no text was measured with the body.
  if (typeof value === 'string' && value.length >= 2 * maxNesting && isNestedTooDeep(inputs)) {
    throw badRequest(
      `Invalid value for '${path}': it is nested too deep; at most ${maxNesting} levels are taken.`,
      path,
    );
  }
  return inputs;
}

/** The JSON value of a text, out of as many strings as clients and models have wrapped it in; else the text. */
function unwrapped(text: string): Json {
  let value: Json = text;
  // Each string is shorter than its JSON, and its quotes are escaped in it: this ends soon.
  while (typeof value === 'string') {
    const parsed = parseJson(value);
    if (!parsed) break;
    value = parsed.value;
  }
  return value;
}
