import type { Schema } from '../converse/request.ts';
import { invalid } from '../errors.ts';

/** What a schema is of, as refusals name it: a function's parameters, or an answer. */
interface Whose {
  kind: 'function' | 'response_format';
  name: string | undefined;
}

/** Throws BedrockError for a schema that OpenAI's models do not take. */
export function checkSchema(schema: Schema, strict: boolean | null | undefined, whose: Whose): void {
  const fault = schemaFault(schema, strict, whose);
  if (fault !== undefined) throw invalid(fault);
}

const atNoRoot = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

/**
 * What OpenAI's models do not take, in their words: they want the schema of an object, of a function one with properties
 * (containers/kubernetes-mcp-server#340) and of an array one with items (ogx-ai/ogx#3602), closed where it is to be strict.
 */
export function schemaFault(
  schema: Schema,
  strict: boolean | null | undefined,
  { kind, name }: Whose,
): string | undefined {
  const refused = (why: string) => `Invalid schema for ${kind} '${name}': ${why}`;
  const { type } = schema;
  if (type !== 'object')
    return refused(`schema must be a JSON Schema of 'type: "object"', got 'type: "${type ?? 'None'}"'.`);
  if (atNoRoot.some((keyword) => schema[keyword] !== undefined))
    return refused(
      `schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.`,
    );
  if (kind === 'function' && schema.properties === undefined)
    return refused('In context=(), object schema missing properties.');
  const loose = faultWithin(schema, ({ type: of, items }) =>
    [of ?? []].flat().includes('array') && items === undefined ? 'array schema missing items.' : undefined,
  );
  const found = loose ?? (strict ? faultWithin(schema, faultOf) : undefined);
  return found && refused(found);
}

/** The first fault of a schema or of those within it, and where it is. */
function faultWithin(schema: Schema, fault: (node: Schema) => string | undefined): string | undefined {
  const open: { node: Schema; at: string[] }[] = [{ node: schema, at: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const found = fault(next.node);
    if (found) return `In context=(${next.at.join(', ')}), ${found}`;
    open.push(...childrenOf(next.node, next.at));
  }
  return undefined;
}

/** Every object is closed and requires all its members. */
function faultOf({ type, properties, required, additionalProperties }: Schema): string | undefined {
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object')) || properties;
  if (!isObject) return undefined;
  if (additionalProperties !== false)
    return `'additionalProperties' is required to be supplied and to be false.`;
  const names = new Set(Array.isArray(required) ? required : []);
  const missing = Object.keys(properties ?? {}).find((name) => !names.has(name));
  return missing === undefined
    ? undefined
    : `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
}

function childrenOf(node: Schema, at: readonly string[]): { node: Schema; at: string[] }[] {
  const isSchema = (value: unknown): value is Schema =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const named = (key: string, inner: object) =>
    Object.entries(inner).map(([name, child]) => ({ node: child, at: [...at, `'${key}'`, `'${name}'`] }));
  const lists = (['anyOf', 'allOf', 'oneOf'] as const).flatMap((key) =>
    (Array.isArray(node[key]) ? node[key] : []).map((child, i) => ({
      node: child,
      at: [...at, `'${key}'`, `'${i}'`],
    })),
  );
  return [
    ...(isSchema(node.properties) ? named('properties', node.properties) : []),
    ...(isSchema(node.$defs) ? named('$defs', node.$defs) : []),
    ...(node.items === undefined ? [] : [{ node: node.items, at: [...at, `'items'`] }]),
    ...lists,
  ].filter((each): each is { node: Schema; at: string[] } => isSchema(each.node));
}
