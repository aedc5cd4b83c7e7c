import { endOfJson } from '../json-in-text.ts';

/** A directive in a prompt: `[[name]]`, `[[name:arg:arg]]`, `[[name:arg@where]]`, `[[call:tool {…}]]`. */
export interface Directive {
  name: string;
  args: string[];
  /** Applies only where `<region>/<model id>` contains this. */
  where?: string;
}

interface Found {
  directive: Directive;
  start: number;
  end: number;
}

const pattern = /\[\[([a-z0-9-]+)(?::([^\]@]*))?(?:@([^\]]+))?\]\]/g;
/** Its arguments are JSON, which may hold all that ends a directive elsewhere. */
const call = /\[\[call:\s*([^\s{\]@]+)\s*/g;
const closing = /\s*\]\]/y;
const mostCalls = 50;

export const directivesIn = (text: string): Directive[] => find(text).map(({ directive }) => directive);

/** The prompt as the model is to understand it. */
export function withoutDirectives(text: string): string {
  let rest = '';
  let at = 0;
  for (const { start, end } of find(text)) {
    rest += text.slice(at, start);
    at = end;
  }
  return (rest + text.slice(at)).replace(/ {2,}/g, ' ').trim();
}

/** All directives in their order. What stands in the arguments of a call is no directive. */
function find(text: string): Found[] {
  const calls = callsIn(text);
  const others = [...text.matchAll(pattern)]
    .filter(({ 1: name, 2: args }) => name !== 'call' || args === undefined)
    .filter(({ index }) => !calls.some(({ start, end }) => index >= start && index < end))
    .map(({ 0: { length }, 1: name = '', 2: args, 3: where, index }) => ({
      directive: { name, args: args === undefined ? [] : args.split(':'), where },
      start: index,
      end: index + length,
    }));
  return [...calls, ...others].sort((a, b) => a.start - b.start);
}

/** `[[call:name {…}]]` and `[[call:name]]`; the second argument is the JSON as it was written. */
function callsIn(text: string): Found[] {
  const found: Found[] = [];
  for (const { 0: head, 1: name = '', index } of text.matchAll(call)) {
    const from = index + head.length;
    if (index < (found.at(-1)?.end ?? 0)) continue;
    const json = text[from] === '{' ? endOfJson(text, from) : from;
    if (json === undefined) continue;
    closing.lastIndex = json;
    if (!closing.test(text)) continue;
    const args = json > from ? [name, text.slice(from, json)] : [name];
    found.push({ directive: { name: 'call', args }, start: index, end: closing.lastIndex });
    if (found.length === mostCalls) break;
  }
  return found;
}
