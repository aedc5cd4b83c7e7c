import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { setOwn } from './keywords.ts';

/**
 * One schema, without those inside it, in the words of draft 2020-12 (https://json-schema.org/draft/2020-12/release-notes,
 * https://json-schema.org/draft/2019-09/release-notes, https://json-schema.org/draft-06/json-schema-release-notes).
 * Itself when it holds no older form.
 */
export function fromOlderDraft(schema: JsonObject): JsonObject {
  return changes.reduce((current, change) => change(current), schema);
}

const changes: readonly ((schema: JsonObject) => JsonObject)[] = [
  tuples,
  exclusiveLimits,
  requiredMembers,
  dependencies,
  dialect,
  divisibility,
];

const older = /^https?:\/\/json-schema\.org\/(draft-0\d\/|draft\/2019-09\/)?(hyper-)?schema#?$/;
const current = 'https://json-schema.org/draft/2020-12/schema';

/** `items: [a, b]` with `additionalItems: c` is `prefixItems: [a, b]` with `items: c`. */
function tuples(schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.items) && schema.additionalItems === undefined) return schema;
  const { items, additionalItems, ...rest } = schema;
  // Without a tuple `additionalItems` says nothing.
  if (!Array.isArray(items)) return items === undefined ? rest : { ...rest, items };
  return {
    ...rest,
    ...(items.length > 0 && rest.prefixItems === undefined && { prefixItems: items }),
    ...(additionalItems !== undefined && { items: additionalItems }),
  };
}

/** In draft 4 `exclusiveMinimum: true` says of `minimum` that it is excluded. */
function exclusiveLimits(schema: JsonObject): JsonObject {
  return exclusive(exclusive(schema, 'minimum', 'exclusiveMinimum'), 'maximum', 'exclusiveMaximum');
}

function exclusive(schema: JsonObject, limit: string, flag: string): JsonObject {
  if (typeof schema[flag] !== 'boolean') return schema;
  const { [flag]: excluded, [limit]: value, ...rest } = schema;
  if (value === undefined) return rest;
  return { ...rest, [excluded ? flag : limit]: value };
}

/** In draft 3 a property says of itself that it is required. */
function requiredMembers(schema: JsonObject): JsonObject {
  if (!isObject(schema.properties)) return schema;
  const names: string[] = [];
  for (const [name, member] of Object.entries(schema.properties)) {
    if (isObject(member) && (member.required === true || member.required === 'true')) names.push(name);
  }
  if (names.length === 0) return schema;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return { ...schema, required: [...new Set([...required, ...names])] };
}

/** `dependencies` is `dependentRequired` where it lists names, `dependentSchemas` where it holds schemas. */
function dependencies(schema: JsonObject): JsonObject {
  if (schema.dependencies === undefined) return schema;
  const { dependencies: given, ...rest } = schema;
  if (!isObject(given)) return rest;
  const names: JsonObject = {};
  const schemas: JsonObject = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string') setOwn(names, name, [value]);
    else setOwn(Array.isArray(value) ? names : schemas, name, value);
  }
  return {
    ...rest,
    ...joined(rest, 'dependentRequired', names),
    ...joined(rest, 'dependentSchemas', schemas),
  };
}

function joined(rest: JsonObject, keyword: string, found: JsonObject): JsonObject {
  if (Object.keys(found).length === 0) return {};
  const own: Json | undefined = rest[keyword];
  return { [keyword]: isObject(own) ? { ...found, ...own } : found };
}

/** `$schema` names the draft, and `$id: "#a"` was what `$anchor: "a"` is; draft 4 called it `id`. */
function dialect(schema: JsonObject): JsonObject {
  const { $schema, $id, id } = schema;
  if ($schema === undefined && $id === undefined && id === undefined) return schema;
  const renewed =
    typeof $schema === 'string' && older.test($schema) ? { ...schema, $schema: current } : schema;
  const anchor = [$id, id].find((value) => typeof value === 'string' && /^#[A-Za-z_][\w.-]*$/.test(value));
  if (typeof anchor !== 'string') return renewed;
  const others = Object.entries(renewed).filter(
    ([name, value]) => (name !== '$id' && name !== 'id') || value !== anchor,
  );
  return { ...Object.fromEntries(others), $anchor: anchor.slice(1) };
}

function divisibility(schema: JsonObject): JsonObject {
  if (schema.divisibleBy === undefined) return schema;
  const { divisibleBy, ...rest } = schema;
  return { multipleOf: divisibleBy, ...rest };
}
