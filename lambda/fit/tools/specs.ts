import { isCachePoint } from '../../canonical/blocks.ts';
import type { Tool, ToolSpec } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { warn } from '../notes.ts';
import type { Draft } from '../types.ts';
import { strictSchemas } from './strict.ts';

/** Tools as Converse takes them, each name once; their schemas have been fitted. */
export function fitToolSpecs(tools: readonly Tool[], draft: Draft, capabilities: Capabilities): Tool[] {
  const seen = new Set<string>();
  const named = tools.filter((tool) => {
    if (!('toolSpec' in tool)) return true;
    const { name } = tool.toolSpec;
    // Claude: "tools: Tool names must be unique."
    if (seen.has(name))
      warn(draft, `the tool ${JSON.stringify(name)} is defined twice: only the first is used`);
    return !seen.has(name) && seen.add(name);
  });
  const strict = strictSchemas(named, draft, capabilities);
  const fitted = named.map((tool): Tool => {
    if (!('toolSpec' in tool)) return tool;
    const { name, description, inputSchema } = tool.toolSpec;
    const json = strict.get(tool.toolSpec);
    const toolSpec: ToolSpec = {
      name,
      // Converse: "Member must have length greater than or equal to 1".
      ...(description?.trim() && { description }),
      inputSchema: json ? { json } : inputSchema,
      ...(json && { strict: true }),
      ...(tool.toolSpec.strict === false && capabilities.strictTools && { strict: false }),
    };
    return { toolSpec };
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
