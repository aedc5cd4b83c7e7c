import type { Json } from './types.ts';

/**
 * A tool call's input from its JSON text: `{}` for none, the value if it is an object or array, else the
 * text as it is. Text that is no JSON is an input that `max_tokens` cut off.
 */
export function parseToolInput(text: string): Json {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null ? value : text;
  } catch {
    return text;
  }
}

/** The inverse: the JSON text of a tool call's input. */
export function toolInputText(input: Json | undefined): string {
  if (typeof input === 'string') return input;
  return JSON.stringify(input ?? {});
}
