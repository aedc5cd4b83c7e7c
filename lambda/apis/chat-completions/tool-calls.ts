import { parseJsonObjects } from '../../canonical/json-objects.ts';
import { openToolCallId } from '../../canonical/tool-call-state.ts';
import type { CachePointBlock, Json, ReasoningBlock, ToolUseBlock } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
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
  const name = readName(legacy.name, `${at}.name`);
  const toolUseId = `call_${path.replace(/\D+/g, '')}_${name}`;
  context.legacyCallIds.push(toolUseId);
  return [{ carried: [], blocks: usesOf(toolUseId, name, legacy.arguments, `${at}.arguments`) }];
}

function readToolCall(item: unknown, path: string, { stateKey }: MessageContext): ReadCall {
  const call = readObject(item, path);
  const { toolUseId, state = [] } = openToolCallId(readName(call.id, `${path}.id`), stateKey);
  const beside = carriedBeside(call);
  const carried = beside.length > 0 ? beside : state;
  if (isObject(call.custom)) {
    const name = readName(call.custom.name, `${path}.custom.name`);
    const input = { input: readString(call.custom.input, `${path}.custom.input`) };
    return withMark({ carried, blocks: [{ toolUse: { toolUseId, name, input } }] }, call);
  }
  const fn = readObject(call.function, `${path}.function`);
  const name = readName(fn.name, `${path}.function.name`);
  const blocks = usesOf(toolUseId, name, fn.arguments, `${path}.function.arguments`);
  return withMark({ carried, blocks }, call);
}

function withMark(read: ReadCall, call: Fields): ReadCall {
  pushCachePoint(read.blocks, call);
  return read;
}

/** Models sometimes write the arguments of several calls into one (BerriAI/litellm#20543): they become several. */
function usesOf(toolUseId: string, name: string, value: unknown, path: string): ToolUseBlock[] {
  return readArguments(value, name, path).map((input, i) => ({
    toolUse: { toolUseId: i === 0 ? toolUseId : `${toolUseId}_${i}`, name, input },
  }));
}

/** Streaming clients send `""` for a call without arguments; Converse wants an object. */
function readArguments(value: unknown, name: string, path: string): Json[] {
  if (isObject(value)) return [value as Json];
  const text = readOptional(value, path, readString) ?? '';
  const parsed = text.trim() === '' ? { value: null } : parseJson(text);
  if (parsed?.value === null || parsed?.value === '') return [{}];
  const inputs = isObject(parsed?.value) ? [parsed.value as Json] : parseJsonObjects(text);
  if (!inputs) {
    const what = parsed ? 'JSON, but not an object' : 'not valid JSON';
    throw badRequest(
      `Invalid value for '${path}': the arguments of the call to '${name.slice(0, 64)}' are ${what}.`,
      path,
    );
  }
  // Each level takes two characters.
  if (text.length >= 2 * maxNesting && isNestedTooDeep(inputs)) {
    throw badRequest(
      `Invalid value for '${path}': it is nested too deep; at most ${maxNesting} levels are taken.`,
      path,
    );
  }
  return inputs;
}
