import { isObject, parseExactly, parseJson } from './json.ts';
import type { JsonObject } from './types.ts';

/**
 * The JSON objects that a text consists of, one after the other; undefined when it holds anything else.
 * White space, commas and semicolons may stand between them.
 */
export function parseJsonObjects(text: string): JsonObject[] | undefined {
  const objects: JsonObject[] = [];
  for (let at = skipBetween(text, 0); at < text.length; ) {
    const end = endOfObject(text, at);
    const object = end > at ? parseJson(text.slice(at, end), parseExactly)?.value : undefined;
    if (!isObject(object)) return undefined;
    objects.push(object);
    at = skipBetween(text, end);
  }
  return objects;
}

function skipBetween(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \n\r\t,;'.includes(text[at]!)) at += 1;
  return at;
}

/** Behind the brace that closes the one at `from`; 0 where there is none. Reads each character once. */
function endOfObject(text: string, from: number): number {
  if (text[from] !== '{') return 0;
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += inString ? 1 : 0;
    else if (char === '"') inString = !inString;
    else if (inString) continue;
    else if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return 0;
}
