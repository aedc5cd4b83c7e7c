import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';

/** Assignment would take a property that is called `__proto__` for the prototype. */
export function setOwn(target: JsonObject, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/**
 * Characters of a name, an anchor or a reference that can mean something. Longer ones are not looked at: V8 tells
 * strings of more than 16,383 characters apart by comparing each with each.
 */
export const longestName = 4096;

/** What the value of a keyword must be to mean anything: a count is a whole number from 0, a factor is above 0. */
export type Shape =
  | 'schema'
  | 'schemas'
  | 'named'
  | 'type'
  | 'number'
  | 'factor'
  | 'count'
  | 'names'
  | 'namesByName'
  | 'flag'
  | 'list'
  | 'id'
  | 'anchor'
  | 'text';

const byShape: Record<Shape, string> = {
  schema:
    'items contains additionalProperties propertyNames unevaluatedItems unevaluatedProperties contentSchema if then else not',
  schemas: 'prefixItems allOf anyOf oneOf',
  named: 'properties patternProperties dependentSchemas $defs definitions',
  type: 'type',
  number: 'minimum maximum exclusiveMinimum exclusiveMaximum',
  factor: 'multipleOf',
  count: 'minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains',
  names: 'required',
  namesByName: 'dependentRequired',
  flag: 'uniqueItems deprecated readOnly writeOnly',
  list: 'enum examples',
  id: '$id',
  anchor: '$anchor $dynamicAnchor',
  text: '$schema $ref $dynamicRef $comment title description pattern format contentEncoding contentMediaType',
};

/** The keywords of draft 2020-12 (https://json-schema.org/draft/2020-12); those that hold any value are not listed. */
export const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries(byShape).flatMap(([shape, keywords]) =>
    keywords.split(' ').map((keyword) => [keyword, shape as Shape] as const),
  ),
);

/** The same object with other members; itself when none changes. `undefined` takes a member away. */
export function mapMembers(
  object: JsonObject,
  map: (key: string, value: Json) => Json | undefined,
): JsonObject {
  const members = Object.entries(object);
  const mapped = members.map(([key, value]) => map(key, value));
  if (mapped.every((value, i) => value === members[i]![1])) return object;
  const changed: JsonObject = {};
  mapped.forEach((value, i) => {
    if (value !== undefined) setOwn(changed, members[i]![0], value);
  });
  return changed;
}

/** The same list with other items; itself when none changes. */
export function mapItems(list: Json[], map: (item: Json) => Json): Json[] {
  const mapped = list.map(map);
  return mapped.every((item, i) => item === list[i]) ? list : mapped;
}

/** A schema with what `change` makes of the schemas right inside it. Booleans are schemas too, but hold none. */
export function mapSubschemas(schema: JsonObject, change: (inner: JsonObject) => JsonObject): JsonObject {
  const each = (value: Json): Json => (isObject(value) ? change(value) : value);
  return mapMembers(schema, (key, value) => {
    switch (shapes.get(key)) {
      case 'schema':
        return each(value);
      case 'schemas':
        return Array.isArray(value) ? mapItems(value, each) : value;
      case 'named':
        return isObject(value) ? mapMembers(value, (_, inner) => each(inner)) : value;
      default:
        return value;
    }
  });
}

/** The schemas right inside a schema, booleans among them. */
export function subschemas(schema: JsonObject): Json[] {
  return Object.entries(schema).flatMap(([key, value]) => {
    switch (shapes.get(key)) {
      case 'schema':
        return [value];
      case 'schemas':
        return Array.isArray(value) ? value : [];
      case 'named':
        return isObject(value) ? Object.values(value) : [];
      default:
        return [];
    }
  });
}
