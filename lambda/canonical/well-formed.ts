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
  // JSON.stringify escapes nothing beyond ASCII but such halves (ECMA-262, QuoteJSONString), and in small letters.
  return text.includes('\\ud') ? text.replace(escapes, replaceHalf) : text;
}

/** Every escape, so that `\\ud800`, which is a backslash and five letters, is read as what it is. */
const escapes = /\\(?:ud[89a-f][0-9a-f]{2}|[\s\S])/g;

const replaceHalf = (found: string): string => (found.length > 2 ? '\ufffd' : found);
