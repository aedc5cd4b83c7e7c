import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { Aliases, fingerprint } from '../tools/renaming.ts';
import { mapMembers, setOwn } from './keywords.ts';

/** Claude: "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'", at the root only. */
const legal = /^[a-zA-Z0-9_.-]{1,64}$/;
const illegal = /[^a-zA-Z0-9_.-]/g;
const maxLength = 64;

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
