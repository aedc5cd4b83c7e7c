import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { Aliases, fingerprint } from '../tools/renaming.ts';
import { mapMembers, setOwn } from './keywords.ts';
import { fromStep, mapReferences, toStep } from './references.ts';

/** Claude: "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'", at the root only. */
const legal = /^[a-zA-Z0-9_.-]{1,64}$/;
const illegal = /[^a-zA-Z0-9_.-]/g;
const maxLength = 64;
/** Characters of an original name that the model is shown. */
const longestOriginal = 200;

/** Names for the properties of a root that Claude refuses: similar ones where that is possible. */
export function rootKeys({ properties }: JsonObject): Aliases {
  return new Aliases(
    Object.keys(isObject(properties) ? properties : {}),
    (key) => legal.test(key),
    (key, attempt) => {
      const clean = key.replace(illegal, '_');
      if (attempt === 0 && clean.length <= maxLength && /[a-zA-Z0-9]/.test(clean)) return clean;
      const mark = `_${fingerprint(`${attempt} ${key}`, 8)}`;
      return clean.slice(0, maxLength - mark.length) + mark;
    },
  );
}

/**
 * The same schema with other names for the properties of its root; their descriptions have the original ones. What refers
 * to the root from within has the original names, and finds them in a definition.
 */
export function withRootKeys(schema: JsonObject, keys: Aliases): JsonObject {
  const root = freeDefinition(schema);
  let isReferred = false;
  const moved = (reference: string): string => {
    isReferred ||= reference === '#';
    if (reference === '#') return `#/$defs/${root}`;
    const [, key, rest = ''] = /^#\/properties\/([^/]*)(.*)$/s.exec(reference) ?? [];
    return key === undefined ? reference : `#/properties/${toStep(keys.to(fromStep(key)))}${rest}`;
  };
  const described = { ...schema, properties: withOriginals(schema.properties, keys) };
  const renamed = mapReferences(withKeys(described, keys), moved);
  if (!isReferred) return renamed;
  const { $schema, $id, $anchor, $defs, definitions, ...original } = schema;
  const others = isObject(renamed.$defs) ? renamed.$defs : {};
  return { ...renamed, $defs: { ...others, [root]: mapReferences(original, moved) } };
}

function freeDefinition({ $defs }: JsonObject): string {
  const taken = isObject($defs) ? $defs : {};
  let name = 'root';
  for (let n = 2; Object.hasOwn(taken, name); n += 1) name = `root_${n}`;
  return name;
}

function withOriginals(properties: Json | undefined, keys: Aliases): Json {
  if (!isObject(properties)) return {};
  return mapMembers(properties, (key, member) => {
    if (keys.to(key) === key || !isObject(member)) return member;
    const described = typeof member.description === 'string' ? `${member.description} ` : '';
    return { ...member, description: `${described}(called ${key.slice(0, longestOriginal)})` };
  });
}

/** Keywords that say something about the same object, beside `properties`. */
const inPlace = new Set(['if', 'then', 'else', 'not', 'allOf', 'anyOf', 'oneOf']);

/** The same schema with other names for the properties of the object that it describes. */
export function withKeys(schema: JsonObject, keys: Aliases): JsonObject {
  const each = (value: Json): Json => (isObject(value) ? withKeys(value, keys) : value);
  const names = (value: Json): Json =>
    Array.isArray(value) ? value.map((name) => (typeof name === 'string' ? keys.to(name) : name)) : value;
  return mapMembers(schema, (keyword, value) => {
    if (keyword === 'required') return names(value);
    if (inPlace.has(keyword)) return Array.isArray(value) ? value.map(each) : each(value);
    if (!isObject(value)) return value;
    if (keyword === 'properties') return renamedMembers(value, keys);
    if (keyword === 'dependentRequired')
      return renamedMembers(
        mapMembers(value, (_, list) => names(list)),
        keys,
      );
    return keyword === 'dependentSchemas'
      ? renamedMembers(
          mapMembers(value, (_, inner) => each(inner)),
          keys,
        )
      : value;
  });
}

/** The same object under other names. */
export function renamedMembers(object: JsonObject, keys: Aliases): JsonObject {
  const other: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    const name = keys.to(key);
    // Of two that get one name, the one that the schema knows stays.
    if (!Object.hasOwn(other, name) || name !== key) setOwn(other, name, value);
  }
  return other;
}
