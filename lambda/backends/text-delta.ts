import type { ConverseEvent } from '../canonical/types.ts';

const begin = '{"contentBlockIndex":';
const middle = ',"delta":{"text":"';
const end = '"},"p":"';
const zero = 48;
const quote = 34;

/**
 * The text delta in a payload that is written as Bedrock writes nearly all of them:
 * `{"contentBlockIndex":0,"delta":{"text":"…"},"p":"…"}`, with a text that needs no unescaping. Cutting it out
 * costs half of parsing it, and most events of an answer are these. Undefined for anything else,
 * which is then parsed.
 */
export function cutTextDelta(payload: string): ConverseEvent | undefined {
  const index = payload.charCodeAt(begin.length) - zero;
  if (!(index >= 0 && index <= 9) || !payload.startsWith(begin)) return undefined;
  if (!payload.startsWith(middle, begin.length + 1)) return undefined;
  const from = begin.length + 1 + middle.length;
  const to = payload.indexOf('"', from);
  // Behind the text only the padding, which has neither quotes nor backslashes.
  if (to < 0 || !payload.startsWith(end, to) || !closes(payload, to + end.length)) return undefined;
  const text = payload.slice(from, to);
  if (text.includes('\\')) return undefined;
  return { contentBlockDelta: { contentBlockIndex: index, delta: { text } } };
}

function closes(payload: string, from: number): boolean {
  const last = payload.length - 2;
  return last >= from && payload.charCodeAt(last) === quote && payload.indexOf('"', from) === last;
}
