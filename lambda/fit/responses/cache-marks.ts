import { isObject, list } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';

const mark = { prompt_cache_breakpoint: { mode: 'explicit' } } as const;
/** More are refused. */
export const mostMarks = 4;

/**
 * An input with its marks up to where a prompt may be cached in OpenAI's words: Anthropic's become these, that of an item
 * stands on its last part, and of more than four the last stay. `dropped`: how many did not. Most inputs have none, and
 * are returned as they are.
 */
export function withMarks(items: readonly Json[]): { items: readonly Json[]; dropped: number } {
  if (!items.some((item) => isObject(item) && [item, ...partsIn(item)].some(isMarked)))
    return { items, dropped: 0 };
  const marked = items.map((item) => (isObject(item) ? markedItem(item as JsonObject) : item));
  const marks = marked.flatMap((item) => (isObject(item) ? partsIn(item) : [])).filter(isMarked).length;
  const dropped = Math.max(0, marks - mostMarks);
  let left = dropped;
  const kept = marked.map((item) =>
    eachPart(item, (part) => {
      if (left === 0 || !isMarked(part)) return part;
      left -= 1;
      return unmarked(part);
    }),
  );
  return { items: kept, dropped };
}

type Members = Readonly<Record<string, unknown>>;

const isMarked = ({ cache_control: one, prompt_cache_breakpoint: other }: Members): boolean =>
  isObject(one) || isObject(other);

const partsIn = ({ content, output }: Members): Members[] => [...list(content), ...list(output)];

function unmarked({ cache_control: _, prompt_cache_breakpoint: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

function markedItem(given: JsonObject): Json {
  const item = eachPart(given, (part) =>
    isMarked(part) ? { ...unmarked(part), ...mark } : part,
  ) as JsonObject;
  if (!isMarked(given)) return item;
  const rest = unmarked(item);
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  const parts = typeof item.content === 'string' ? [{ type, text: item.content }] : item.content;
  if (!Array.isArray(parts) || !isObject(parts.at(-1))) return rest;
  return { ...rest, content: [...parts.slice(0, -1), { ...(parts.at(-1) as JsonObject), ...mark }] };
}

function eachPart(item: Json, change: (part: JsonObject) => JsonObject): Json {
  if (!isObject(item)) return item;
  const changed = (parts: Json[]) =>
    parts.map((part) => (isObject(part) ? change(part as JsonObject) : part));
  const { content, output, ...rest } = item as JsonObject;
  return {
    ...rest,
    ...(content !== undefined && { content: Array.isArray(content) ? changed(content) : content }),
    ...(output !== undefined && { output: Array.isArray(output) ? changed(output) : output }),
  };
}
