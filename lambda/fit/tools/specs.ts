import { isCachePoint } from '../../canonical/blocks.ts';
import type { Tool } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import { warn } from '../notes.ts';
import type { Draft } from '../types.ts';

/** Tools as Converse takes them, each name once. Their schemas have been fitted. */
export function fitToolSpecs(tools: readonly Tool[], draft: Draft): Tool[] {
  const seen = new Set<string>();
  const fitted = tools.flatMap((tool): Tool[] => {
    if (!('toolSpec' in tool)) return [tool];
    const { name, description, ...spec } = tool.toolSpec;
    // Claude: "tools: Tool names must be unique."
    if (seen.has(name)) {
      warn(draft, note`the tool ${JSON.stringify(name)} is defined twice: only the first is used`);
      return [];
    }
    seen.add(name);
    // Converse: "Member must have length greater than or equal to 1".
    return [{ toolSpec: { name, ...(description?.trim() && { description }), ...spec } }];
  });
  return withoutStrayCachePoints(fitted);
}

/** A cache point is refused as the first of a list and says nothing behind another one. */
export function withoutStrayCachePoints(tools: readonly Tool[]): Tool[] {
  return tools.filter((tool, i) => {
    const before = tools[i - 1];
    return !isCachePoint(tool) || (before !== undefined && !isCachePoint(before));
  });
}
