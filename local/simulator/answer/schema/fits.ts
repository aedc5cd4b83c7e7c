import type { Schema } from '../../converse/request.ts';
import { isObject, resolve } from './resolve.ts';

/** A reference that leads to itself says nothing; neither does anything below this depth. */
const deepest = 100;
/** Of a quotient: `0.3 / 0.1` is not 3. */
const tolerance = 1e-9;

/** Whether a value fits a schema, draft 4 to 2020-12. Formats are what they are there: remarks. */
export function fits(value: unknown, schema: unknown, root: Schema, depth = 0): boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema) || depth > deepest) return true;
  const inside = (part: unknown, each: unknown = value) => fits(each, part, root, depth + 1);
  return (
    (schema.$ref === undefined || inside(resolve(schema.$ref, root))) &&
    fitsType(value, schema.type) &&
    fitsValues(value, schema) &&
    fitsCombination(schema, inside) &&
    (typeof value !== 'number' || fitsNumber(value, schema)) &&
    (typeof value !== 'string' || fitsText(value, schema)) &&
    (!Array.isArray(value) || fitsItems(value, schema, inside)) &&
    (!isObject(value) || fitsMembers(value, schema, inside))
  );
}

type Inside = (part: unknown, each?: unknown) => boolean;

export const sameValue = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** JSON with the members of objects in order. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  ) ?? 'undefined';

function fitsType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true;
  return [type].flat().some((each) => {
    if (each === 'integer') return Number.isInteger(value);
    return each === typeOfValue(value);
  });
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function fitsValues(value: unknown, schema: Schema): boolean {
  if ('const' in schema && !sameValue(value, schema.const)) return false;
  return !Array.isArray(schema.enum) || schema.enum.some((each) => sameValue(value, each));
}

function fitsCombination({ allOf, anyOf, oneOf, not, ...schema }: Schema, inside: Inside): boolean {
  const all = (parts: unknown) => (Array.isArray(parts) ? parts : []);
  if (!all(allOf).every((part) => inside(part))) return false;
  if (anyOf !== undefined && !all(anyOf).some((part) => inside(part))) return false;
  if (oneOf !== undefined && all(oneOf).filter((part) => inside(part)).length !== 1) return false;
  if (not !== undefined && inside(not)) return false;
  return schema.if === undefined || inside((inside(schema.if) ? schema.then : schema.else) ?? true);
}

function fitsNumber(value: number, schema: Schema): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const least = Number(minimum ?? Number.NEGATIVE_INFINITY);
  const most = Number(maximum ?? Number.POSITIVE_INFINITY);
  if (exclusiveMinimum === true ? value <= least : value < least) return false;
  if (exclusiveMaximum === true ? value >= most : value > most) return false;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) return false;
  if (typeof multipleOf !== 'number') return true;
  const quotient = value / multipleOf;
  return Math.abs(quotient - Math.round(quotient)) <= tolerance * Math.max(1, Math.abs(quotient));
}

function fitsText(value: string, { minLength, maxLength, pattern }: Schema): boolean {
  const length = [...value].length;
  if (length < Number(minLength ?? 0) || length > Number(maxLength ?? Number.POSITIVE_INFINITY)) return false;
  return typeof pattern !== 'string' || matches(value, pattern);
}

/** A pattern that is none is not held against the value. */
export function matches(value: string, pattern: string): boolean {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags).test(value);
    } catch {}
  }
  return true;
}

function fitsItems(value: unknown[], schema: Schema, inside: Inside): boolean {
  const { minItems, maxItems, uniqueItems, contains, minContains = 1, maxContains } = schema;
  if (value.length < Number(minItems ?? 0) || value.length > Number(maxItems ?? Number.POSITIVE_INFINITY))
    return false;
  if (uniqueItems === true && new Set(value.map(canonical)).size < value.length) return false;
  if (contains !== undefined) {
    const count = value.filter((item) => inside(contains, item)).length;
    if (count < Number(minContains) || count > Number(maxContains ?? Number.POSITIVE_INFINITY)) return false;
  }
  return value.every((item, i) => inside(itemSchema(schema, i), item));
}

/** The schema of the i-th item, in the words of either draft. */
export function itemSchema(schema: Schema, i: number): unknown {
  const { prefixItems, additionalItems } = schema;
  const items: unknown = schema.items;
  const first = Array.isArray(items) ? items : Array.isArray(prefixItems) ? prefixItems : [];
  return i < first.length ? first[i] : ((Array.isArray(items) ? additionalItems : items) ?? true);
}

function fitsMembers(value: Record<string, unknown>, schema: Schema, inside: Inside): boolean {
  const names = Object.keys(value);
  const { minProperties, maxProperties, propertyNames } = schema;
  if (names.length < Number(minProperties ?? 0)) return false;
  if (names.length > Number(maxProperties ?? Number.POSITIVE_INFINITY)) return false;
  if (!requiredOf(schema).every((name) => Object.hasOwn(value, name))) return false;
  if (propertyNames !== undefined && !names.every((name) => inside(propertyNames, name))) return false;
  return (
    names.every((name) => inside(memberSchema(schema, name), value[name])) &&
    names.every((name) => dependenciesOf(schema, name).every((part) => inside(part)))
  );
}

export const requiredOf = ({ required }: Schema): string[] =>
  Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];

/** All that is said of a member. */
export function memberSchema(schema: Schema, name: string): unknown {
  const { properties, patternProperties, additionalProperties } = schema;
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
  const byPattern = Object.entries(isObject(patternProperties) ? patternProperties : {}).flatMap(
    ([pattern, part]) => (matches(name, pattern) ? [part] : []),
  );
  const said = [...own, ...byPattern];
  if (said.length === 0) return additionalProperties ?? true;
  return said.length === 1 ? said[0] : { allOf: said };
}

/** What else must hold of an object that has this member. */
export function dependenciesOf(schema: Schema, name: string): unknown[] {
  return [schema.dependentRequired, schema.dependentSchemas, schema.dependencies].flatMap((given) => {
    if (!isObject(given) || !Object.hasOwn(given, name)) return [];
    return Array.isArray(given[name]) ? [{ required: given[name] }] : [given[name]];
  });
}
