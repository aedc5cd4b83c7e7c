import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';

const mark = { prompt_cache_breakpoint: { mode: 'explicit' } } as const;
/** More are refused. */
export const mostMarks = 4;

/**
 * An input with its marks up to where a prompt may be cached in OpenAI's words: Anthropic's become these, that of an item
 * stands on its last part, and of more than four the last stay. `dropped`: how many did not.
 */
export function withMarks(items: readonly Json[]): { items: readonly Json[]; dropped: number } {
  const written = items.map((item) => (isObject(item) ? markedItem(item as JsonObject) : item));
  let dropped = Math.max(0, written.reduce<number>((sum, item) => sum + marksIn(item), 0) - mostMarks);
  if (dropped === 0) return { items: written, dropped };
  let left = dropped;
  dropped = 0;
  const kept = written.map((item) =>
    eachPart(item, (part) => {
      if (left === 0 || part.prompt_cache_breakpoint == null) return part;
      left -= 1;
      dropped += 1;
      const { prompt_cache_breakpoint: _, ...rest } = part;
      return rest;
    }),
  );
  return { items: kept, dropped };
}

const isMarked = ({ cache_control: one, prompt_cache_breakpoint: other }: JsonObject): boolean =>
  isObject(one) || isObject(other);

function markedItem(given: JsonObject): Json {
  const item = eachPart(given, (part) => {
    if (!isObject(part.cache_control)) return part;
    const { cache_control: _, ...rest } = part;
    return { ...rest, ...mark };
  }) as JsonObject;
  if (!isMarked(given)) return item;
  const { cache_control: _, prompt_cache_breakpoint: __, ...rest } = item;
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  const parts = typeof item.content === 'string' ? [{ type, text: item.content }] : item.content;
  if (!Array.isArray(parts) || !isObject(parts.at(-1))) return rest;
  return { ...rest, content: [...parts.slice(0, -1), { ...(parts.at(-1) as JsonObject), ...mark }] };
}

/** The same item where no part changes. */
function eachPart(item: Json, change: (part: JsonObject) => JsonObject): Json {
  if (!isObject(item)) return item;
  const changed: [string, Json][] = [];
  for (const name of ['content', 'output'] as const) {
    const parts = (item as JsonObject)[name];
    if (!Array.isArray(parts)) continue;
    const after = parts.map((part) => (isObject(part) ? change(part as JsonObject) : part));
    if (after.some((part, i) => part !== parts[i])) changed.push([name, after]);
  }
  return changed.length === 0 ? (item as Json) : { ...(item as JsonObject), ...Object.fromEntries(changed) };
}

function marksIn(item: Json): number {
  let marks = 0;
  eachPart(item, (part) => {
    if (part.prompt_cache_breakpoint != null) marks += 1;
    return part;
  });
  return marks;
}
