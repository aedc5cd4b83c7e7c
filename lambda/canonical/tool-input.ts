import { isObject, parseExactly, parseJson } from './json.ts';
import type { Json, JsonObject } from './types.ts';
import { wellFormedJson } from './well-formed.ts';

/**
 * A tool call's input from its JSON text: `{}` for none, the value if it is an object or array, else the
 * text as it is. Text that is no JSON is an input that `max_tokens` cut off.
 */
export function parseToolInput(text: string): Json {
  if (text.trim() === '') return {};
  const value = parseJson(text, parseExactly)?.value;
  return typeof value === 'object' && value !== null ? value : text;
}

/** The inverse: the JSON text of a tool call's input. */
export function toolInputText(input: Json | undefined): string {
  if (typeof input === 'string') return input;
  return wellFormedJson(input ?? {});
}

/** Under this name stands what a model wrote as arguments that are no JSON object: it tells the model what it is. */
export const invalidArguments = 'invalid_arguments';

/**
 * The input of a call in a history as an object, which is all that Converse takes: "The format of the value at …
 * toolUse.input is invalid. Provide a json object for the field". Arguments that were cut off, and JSON of another
 * kind, stand as text under one name: a model that sees what it wrote can do better, and the turn goes on.
 */
export function objectInput(input: Json): JsonObject {
  return isObject(input) ? input : { [invalidArguments]: toolInputText(input) };
}
