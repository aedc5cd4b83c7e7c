import type { CacheMark } from '../../rules/caching.ts';
import { blocksOf, type CacheControl, type MessagesBody } from './body.ts';

type Marked = { cache_control?: CacheControl | null };

const markOf = (block: object, path: string): CacheMark[] => {
  const { cache_control } = block as Marked;
  return cache_control ? [{ path, ...(cache_control.ttl && { ttl: cache_control.ttl }) }] : [];
};

const marksIn = (blocks: readonly object[], path: string): CacheMark[] =>
  blocks.flatMap((block, index) => markOf(block, `${path}.${index}`));

/** The cache marks of a body, in the order in which they are processed: tools, system, messages. */
export function cacheMarks({ tools = [], system = [], messages }: MessagesBody): CacheMark[] {
  return [
    ...marksIn(tools, 'tools'),
    ...(typeof system === 'string' ? [] : marksIn(system, 'system')),
    ...messages.flatMap(({ content }, turn) => messageMarks(content, `messages.${turn}.content`)),
  ];
}

/** Marks may stand inside a tool result too, before its own. */
function messageMarks(content: MessagesBody['messages'][number]['content'], path: string): CacheMark[] {
  if (typeof content === 'string') return [];
  return content.flatMap((block, index) => {
    const at = `${path}.${index}`;
    const inside = block.type === 'tool_result' ? marksIn(blocksOf(block.content), `${at}.content`) : [];
    return [...inside, ...markOf(block, at)];
  });
}
