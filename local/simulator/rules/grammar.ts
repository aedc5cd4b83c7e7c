import type { Schema } from '../converse/request.ts';
import { matchesDraft, notOfDraft } from './draft-2020-12.ts';

/** Keywords that Claude's grammars refuse, by the type of the schema they stand in. */
const ranges = ['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum'];
const refused: ReadonlyMap<string, readonly string[]> = new Map([
  ['integer', ranges],
  ['number', ranges],
  ['array', ['maxItems', 'uniqueItems', 'contains', 'prefixItems']],
  [
    'object',
    [
      'patternProperties',
      'propertyNames',
      'minProperties',
      'maxProperties',
      'dependentRequired',
      'dependentSchemas',
    ],
  ],
]);
/** Quoted for oneOf (strands-agents/harness-sdk#2664); that the others are said in the same words is assumed. */
const noTypes = ['oneOf', 'not', 'if', 'then', 'else'];
const formats = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];

const limits = { unions: 16, optional: 24 };
/** Schemas in one grammar. The real measure is not known: this one is far above what is known to pass. */
const largest = 1000;

/** All schemas of a schema, itself first. */
function* within(schema: unknown): Generator<Schema> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  const { properties, patternProperties, $defs, definitions, items, additionalProperties, ...rest } =
    schema as Schema;
  yield schema as Schema;
  for (const named of [properties, patternProperties, $defs, definitions]) {
    for (const each of Object.values(named ?? {})) yield* within(each);
  }
  for (const each of [items, additionalProperties, rest.not, rest.if, rest.then, rest.else])
    yield* within(each);
  for (const list of [rest.anyOf, rest.allOf, rest.oneOf, rest.prefixItems, items]) {
    if (Array.isArray(list)) for (const each of list) yield* within(each);
  }
}

/** Why a schema cannot be compiled: the first reason, in Claude's words. */
export function compileError(schema: Schema): string | undefined {
  if (!matchesDraft(schema)) return notOfDraft;
  for (const each of within(schema)) {
    const error = ownError(each);
    if (error) return error;
  }
  return refersToItself(schema) ? 'Circular references are not supported' : undefined;
}

function ownError(schema: Schema): string | undefined {
  const types = [schema.type ?? []].flat();
  const noType = noTypes.find((keyword) => schema[keyword] !== undefined);
  if (noType) return `Schema type '${noType}' is not supported`;
  if (types.includes('object') && schema.additionalProperties !== false)
    return `For 'object' type, 'additionalProperties' must be explicitly set to false`;
  for (const type of types) {
    const keyword = refused.get(type)?.find((each) => schema[each] !== undefined);
    if (keyword) return `For '${type}' type, property '${keyword}' is not supported`;
  }
  if (Number(schema.minItems ?? 0) > 1)
    return `For 'array' type, 'minItems' values other than 0 or 1 are not supported`;
  if (typeof schema.format === 'string' && !formats.includes(schema.format))
    return `For 'string' type, format '${schema.format}' is not supported`;
  return typeof schema.pattern === 'string' && /\(\?(?:[=!]|<[=!])/.test(schema.pattern)
    ? `For 'string' type, 'pattern' must not use look-around`
    : undefined;
}

/** Follows references from the root, and from each definition, by depth: one that is still open is a circle. */
function refersToItself(root: Schema): boolean {
  const state = new Map<string, 'open' | 'done'>();
  const open = (reference: string): boolean => {
    if (state.has(reference)) return state.get(reference) === 'open';
    state.set(reference, 'open');
    const circle = circular(targetOf(root, reference));
    state.set(reference, 'done');
    return circle;
  };
  const circular = (part: unknown): boolean =>
    [...within(part)].some(({ $ref }) => typeof $ref === 'string' && open($ref));
  state.set('#', 'open');
  return circular(root);
}

function targetOf(root: Schema, reference: string): unknown {
  if (reference === '#') return root;
  const path = reference.replace(/^#\//, '').split('/');
  return path.reduce<unknown>(
    (at, step) =>
      (at as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    root,
  );
}

/** Why schemas that each compile are too much together. */
export function sizeError(schemas: readonly Schema[]): string | undefined {
  const all = schemas.flatMap((schema) => [...within(schema)]);
  const unions = all.filter(({ type, anyOf }) => anyOf || (Array.isArray(type) && type.length > 1)).length;
  if (unions > limits.unions)
    return `Schemas contains too many parameters with union types (${unions} parameters with type arrays or anyOf). Reduce the number (limit: ${limits.unions} parameters with unions).`;
  const optional = all.reduce(
    (sum, { properties = {}, required = [] }) =>
      sum + Object.keys(properties).filter((name) => !required.includes(name)).length,
    0,
  );
  if (optional > limits.optional)
    return `Schemas contains too many optional parameters (${optional}), which would make grammar compilation inefficient. Reduce the number of optional parameters in your tool schemas (limit: ${limits.optional}).`;
  return all.length > largest
    ? 'The compiled grammar is too large, which would cause performance issues. Simplify your tool schemas or reduce the number of strict tools.'
    : undefined;
}
