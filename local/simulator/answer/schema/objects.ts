import type { Schema } from '../../converse/request.ts';
import { dependenciesOf, matches, memberSchema, requiredOf } from './fits.ts';
import type { Making } from './making.ts';
import { flatten } from './merge.ts';
import { textsFor } from './pattern.ts';
import { isObject } from './resolve.ts';

/** Below this nothing optional is given, so that a schema that contains itself ends. */
const deepestOptional = 6;

/** Objects for a schema: with the members that are required and wanted, with the required alone, with all. */
export function* objectsFor(schema: Schema, making: Making): Generator<Record<string, unknown>> {
  const required = requiredOf(schema);
  const known = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  const wanted = known.filter(
    (name) =>
      !required.includes(name) &&
      making.depth < deepestOptional &&
      making.choices.wants(name, schema, making.depth),
  );
  const tried = new Set<string>();
  for (const optional of [wanted, [], known.filter((name) => !required.includes(name))]) {
    const names = enough(schema, [...required, ...optional], making);
    const key = JSON.stringify(names);
    if (tried.has(key)) continue;
    tried.add(key);
    yield objectOf(schema, names, making);
  }
}

/** The names with all that they bring with them, and with as many more as the schema demands. */
function enough(schema: Schema, names: readonly string[], { root, nth }: Making): string[] {
  const all = new Set(names);
  for (const name of all) {
    for (const part of dependenciesOf(schema, name)) {
      const flat = flatten(part, root);
      if (flat) for (const more of requiredOf(flat)) all.add(more);
    }
  }
  for (const name of spareNames(schema, nth)) {
    if (all.size >= Number(schema.minProperties ?? 0)) break;
    if (memberSchema(schema, name) !== false) all.add(name);
  }
  const known = isObject(schema.properties) ? Object.keys(schema.properties) : [];
  return [...known.filter((name) => all.has(name)), ...[...all].filter((name) => !known.includes(name))];
}

/** Members that a schema knows, then those that its patterns allow, then any. */
function* spareNames(
  { properties, patternProperties, propertyNames }: Schema,
  nth: number,
): Generator<string> {
  if (isObject(properties)) yield* Object.keys(properties);
  const patterns = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  const named = isObject(propertyNames) ? propertyNames : {};
  if (typeof named.pattern === 'string') patterns.unshift(named.pattern);
  if (Array.isArray(named.enum)) yield* named.enum.filter((name) => typeof name === 'string');
  for (const pattern of patterns) {
    for (const text of textsFor(pattern, spare)) {
      if (matches(text, pattern)) yield text;
      for (let i = 1; i <= spare; i += 1) if (matches(`${text}${i}`, pattern)) yield `${text}${i}`;
    }
  }
  for (let i = 1; i <= spare; i += 1) yield `key${nth + i}`.padEnd(Number(named.minLength ?? 0), 'x');
  for (let i = 0; i < 26; i += 1) yield String.fromCodePoint(0x61 + i);
}

const spare = 50;

function objectOf(schema: Schema, names: readonly string[], making: Making): Record<string, unknown> {
  const { depth, root } = making;
  // What depends on a member is said of the whole object, and so of its members.
  const parts = names.flatMap((name) =>
    dependenciesOf(schema, name).map((part) => flatten(part, root) ?? {}),
  );
  const whole: [string, unknown][] = names.map((name) => {
    const said = [memberSchema(schema, name), ...parts.map((part) => memberSchema(part, name))];
    const own = said.length === 1 ? said[0] : { allOf: said };
    return [name, making.make(own, { ...making, depth: depth + 1, place: { name } })];
  });
  return Object.fromEntries(whole);
}
