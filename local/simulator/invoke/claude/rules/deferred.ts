import { blocksOf, type MessagesBody } from '../body.ts';
import { type BodyRule, placedBlocks } from './body-rule.ts';

/** The tools that the results of searches have loaded. */
export function referencedTools(body: MessagesBody): Set<string> {
  const inside = placedBlocks(body).flatMap(({ block }) =>
    block.type === 'tool_result' ? blocksOf(block.content) : [],
  );
  return new Set(inside.flatMap((block) => (block.type === 'tool_reference' ? [block.tool_name] : [])));
}

/** Tools that are loaded when a search has found them (Anthropic, "Tool search tool"; the words are its own). */
export const deferredRules: BodyRule[] = [
  {
    name: 'some tool is not deferred',
    breach: ({ tools = [] }) =>
      tools.length > 0 && tools.every(({ defer_loading }) => defer_loading === true)
        ? 'At least one tool must have defer_loading=false. All tools cannot be deferred.'
        : undefined,
  },
  {
    name: 'a reference names a tool',
    breach(body) {
      const names = new Set(body.tools?.map(({ name }) => name));
      const unknown = [...referencedTools(body)].find((name) => !names.has(name));
      return unknown && `Tool reference '${unknown}' not found in available tools`;
    },
  },
  {
    // Wei-Shaw/sub2api#4990.
    name: 'no cache mark on a deferred tool',
    breach({ tools = [] }) {
      const odd = tools.find(({ defer_loading, cache_control }) => defer_loading && cache_control);
      return (
        odd &&
        `Tool '${odd.name}' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.`
      );
    },
  },
];
