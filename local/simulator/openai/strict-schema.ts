import type { Schema } from '../converse/request.ts';
import { invalid } from '../errors.ts';

/**
 * What OpenAI's models take: the schema of an object, which is closed where it is to be strict. `whose`: as refusals
 * name it, e.g. `function 'x'`. Throws BedrockError.
 */
export function checkSchema(schema: Schema, strict: boolean | null | undefined, whose: string): void {
  const { type } = schema;
  if (type !== 'object')
    throw invalid(
      `Invalid schema for ${whose}: schema must be a JSON Schema of 'type: "object"', got 'type: "${type ?? 'None'}"'.`,
    );
  if (strict) checkStrict(schema, whose);
}

/** Every object is closed and requires all its members. */
function checkStrict(schema: Schema, whose: string): void {
  const open: { node: Schema; at: string[] }[] = [{ node: schema, at: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const fault = faultOf(next.node);
    if (fault) throw invalid(`Invalid schema for ${whose}: In context=(${next.at.join(', ')}), ${fault}`);
    open.push(...childrenOf(next.node, next.at));
  }
}

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
