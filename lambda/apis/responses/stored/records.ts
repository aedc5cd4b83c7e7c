import { isObject, list, type Members } from '../../../canonical/json.ts';
import type { JsonObject } from '../../../canonical/types.ts';
import { isCallType } from '../call-types.ts';
import { itemPrefixes } from '../ids.ts';

/** An answer as it is stored, at the place of its id. */
export interface StoredResponse {
  /** As the client got it. */
  response: JsonObject;
  /** What its request added to what was said before, with ids. */
  input: JsonObject[];
  /** Ids of the responses before it, the oldest first. */
  chain: string[];
}

/** The name of the entry at the place of a response. */
export const responseEntry = 'response';
/** The name of the entry at the place of an item whose id does not say which response it is of. */
export const itemEntry = 'item';

/** Where something is stored, if an id can be one of ours: a place is asked for nothing that is longer or stranger. */
export const isId = (id: string): boolean => /^[A-Za-z]{2,5}_[A-Za-z0-9_-]{1,120}$/.test(id);

/** The response that an item is of, by the id that the gateway gave it (`Ids`); undefined for other ids. */
export function responseOf(itemId: string): string | undefined {
  const request = /^[a-z]+_([A-Za-z0-9]{20,48}?)(?:i\d{3,}|\d{3})$/.exec(itemId)?.[1];
  return request === undefined ? undefined : `resp_${request}`;
}

export const outputOf = ({ response }: StoredResponse): JsonObject[] => list(response.output) as JsonObject[];

/** Prefixes of items that only clients send. */
const inputPrefixes: Readonly<Record<string, string>> = {
  ...itemPrefixes,
  function_call_output: 'fco',
  custom_tool_call_output: 'cto',
};

/**
 * The items of an input as they are stored and listed, with parts in place of plain texts. Those that have no id get
 * one. What asks for a summary is no part of what was said.
 */
export function storedItems(input: unknown, idOf: (prefix: string, index: number) => string): JsonObject[] {
  const given = typeof input === 'string' ? [{ role: 'user', content: input }] : list(input);
  return given
    .filter(({ type }) => type !== 'compaction_trigger')
    .map((item, index) => {
      const type = typeof item.type === 'string' ? item.type : 'role' in item ? 'message' : 'item_reference';
      const prefix = (Object.hasOwn(inputPrefixes, type) && inputPrefixes[type]) || 'item';
      const id = typeof item.id === 'string' && isId(item.id) ? item.id : idOf(prefix, index);
      if (type !== 'message') return { ...item, type, ...calledAs(type, item, id), id } as JsonObject;
      const { content } = item;
      const part = item.role === 'assistant' ? 'output_text' : 'input_text';
      const parts = typeof content === 'string' ? [{ type: part, text: content }] : content;
      return { ...item, type, id, status: 'completed', content: parts } as JsonObject;
    });
}

/** What is known by its id alone, as an older shell's call and its output are, stays known by it when it gets another. */
function calledAs(type: string, { id: given, call_id: callId }: Members, id: string): JsonObject {
  const isKnownByIt = isCallType(type) || type === 'local_shell_call_output';
  return isKnownByIt && callId == null && typeof given === 'string' && given !== id ? { call_id: given } : {};
}

/** The ending of ids that the gateway gave to items of an input. */
export const inputId = (request: string) => (prefix: string, index: number) =>
  `${prefix}_${request}i${String(index).padStart(3, '0')}`;

/** As a client would send it again: models know nothing of the ids that the gateway gave it. */
export function replayed(item: JsonObject): JsonObject {
  const { id, status: _, ...rest } = item;
  return typeof id === 'string' && /i\d{3,}$/.test(id) && responseOf(id) !== undefined ? rest : item;
}

/** OpenAI takes references without a type. */
export const isReference = (item: unknown): item is { id: string } =>
  isObject(item) &&
  typeof item.id === 'string' &&
  (item.type === 'item_reference' || (item.type == null && item.role === undefined));
