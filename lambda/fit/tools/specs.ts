import { isCachePoint } from '../../canonical/blocks.ts';
import type { JsonObject, Tool, ToolSpec } from '../../canonical/types.ts';
import { badRequest } from '../../errors.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { ignore, warn } from '../notes.ts';
import { closedSchema } from '../schema.ts';
import type { Draft } from '../types.ts';

/** Tools as Converse takes them; schemas are passed whole. Throws a 400 for a schema that is no object's. */
export function fitToolSpecs(tools: readonly Tool[], draft: Draft, { strictTools }: Capabilities): Tool[] {
  const seen = new Set<string>();
  let index = -1;
  let strictDropped = false;
  const fitted: Tool[] = [];
  for (const tool of tools) {
    if (!isCachePoint(tool)) index += 1;
    if (!('toolSpec' in tool)) {
      fitted.push(tool);
      continue;
    }
    const { name, strict } = tool.toolSpec;
    // Claude: "tools: Tool names must be unique."
    if (seen.has(name)) {
      warn(draft, `the tool ${JSON.stringify(name)} is defined twice: only the first is used`);
      continue;
    }
    seen.add(name);
    strictDropped ||= strict === true && !strictTools;
    fitted.push({ toolSpec: fitToolSpec(tool.toolSpec, index, strictTools) });
  }
  if (strictDropped) ignore(draft, 'tools.function.strict');
  return withoutStrayCachePoints(fitted);
}

function fitToolSpec(spec: ToolSpec, index: number, strictTools: boolean): ToolSpec {
  const { name, description, inputSchema, strict } = spec;
  const schema = objectSchema(inputSchema.json, index);
  return {
    name,
    // Converse: "Member must have length greater than or equal to 1".
    ...(description?.trim() && { description }),
    // Strict tools are bound to the grammar of structured outputs.
    inputSchema: { json: strict && strictTools ? closedSchema(schema) : schema },
    ...(strict !== undefined && strictTools && { strict }),
  };
}

function objectSchema(schema: JsonObject, index: number): JsonObject {
  const { type = 'object' } = schema;
  if (type !== 'object' && !(Array.isArray(type) && type.includes('object'))) {
    throw badRequest(
      `The parameters of a tool must be a JSON schema of type "object", not ${JSON.stringify(type)}. Wrap the value in an object with one property.`,
      `tools[${index}].function.parameters`,
    );
  }
  return schema.type === 'object' && schema.properties
    ? schema
    : { ...schema, type: 'object', properties: schema.properties ?? {} };
}

/** A cache point is refused as the first of a list and says nothing behind another one. */
export function withoutStrayCachePoints(tools: readonly Tool[]): Tool[] {
  return tools.filter((tool, i) => {
    const before = tools[i - 1];
    return !isCachePoint(tool) || (before !== undefined && !isCachePoint(before));
  });
}
