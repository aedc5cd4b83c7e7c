import { isObject } from '../../canonical/json.ts';
import type { CachePointBlock, ReasoningBlock, ToolUseBlock } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { usesOf } from '../openai/arguments.ts';
import { openToolCallId } from '../reasoning/sealed-id.ts';
import { type Fields, readArray, readName, readObject, readOptional, readString } from '../shared/json.ts';
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
