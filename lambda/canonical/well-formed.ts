/**
 * JSON.stringify, with U+FFFD in place of every half of a surrogate pair, in strings and in names of members alike.
 * Bedrock refuses a body that holds one ("The request body is not valid JSON: no low surrogate in string"), and
 * such text comes from clients that cut a text in the middle of an emoji, which then stays in their history. Text
 * that is well-formed is written as JSON.stringify writes it.
 *
 * All JSON that Bedrock or a model will parse is written here: bodies, and JSON inside their strings.
 */
export function wellFormedJson(value: unknown): string {
  const text = JSON.stringify(value);
  return isWellFormed(value) ? text : withoutHalves(text);
}

/**
 * Whether no string of a value has a half. V8 knows of a string in Latin-1 that it has none, so this takes no time
 * beside the writing, where a search for the escapes of halves took a third of it.
 */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  for (const name in value) {
    if (!name.isWellFormed() || !isWellFormed((value as Record<string, unknown>)[name])) return false;
  }
  return true;
}

/** How JSON.stringify begins the escape of a half: of all beyond ASCII only these are escaped, in small letters (ECMA-262, QuoteJSONString). */
const half = '\\ud';
const halfLength = '\\ud800'.length;

/** Looks at the escapes alone: a long history has as many others as it has line breaks. */
function withoutHalves(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf(half); at >= 0; at = text.indexOf(half, at + half.length)) {
    if (isEscaped(text, at)) continue;
    parts.push(text.slice(from, at));
    from = at + halfLength;
  }
  parts.push(text.slice(from));
  return parts.join('\ufffd');
}

/** Whether the backslash at `at` is itself what a backslash before it stands for: `\\ud800` is text. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}
