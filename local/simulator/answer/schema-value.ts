import type { Schema } from '../converse/request.ts';
import { invalid } from '../errors.ts';

/** Supplies the words of made-up values; each call gives the next one. */
export interface Words {
  next(): string;
}

const deepest = 6;
/** Items of an array and characters of a string that a schema can make it say. */
const most = 1000;

/**
 * A value that fits a JSON schema, always the same for the same schema and words. Recursion ends where optional
 * members begin to repeat. A schema that is none is refused, as Anthropic words it.
 */
export function valueFor(schema: Schema, words: Words): unknown {
  try {
    return made(schema, words, schema, 0);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalid(
      'The model returned the following errors: tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12).',
    );
  }
}

function made(schema: Schema, words: Words, root: Schema, depth: number): unknown {
  const resolved = resolve(schema, root);
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.default !== undefined) return resolved.default;
  if (resolved.enum?.length) return resolved.enum[0];
  const choice = resolved.anyOf?.[0] ?? resolved.oneOf?.[0];
  if (choice) return made({ ...choice, $defs: undefined }, words, root, depth + 1);
  if (resolved.allOf)
    return made(
      Object.assign({}, ...resolved.allOf.map((part) => resolve(part, root))),
      words,
      root,
      depth + 1,
    );
  switch (typeOf(resolved)) {
    case 'object':
      return objectFor(resolved, words, root, depth);
    case 'array':
      return arrayFor(resolved, words, root, depth);
    case 'integer':
    case 'number':
      return numberFor(resolved);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return stringFor(resolved, words);
  }
}

function typeOf({ type, properties, items }: Schema): string {
  const first = Array.isArray(type) ? (type.find((each) => each !== 'null') ?? 'null') : type;
  if (first) return first;
  if (properties) return 'object';
  return items ? 'array' : 'string';
}

function resolve(schema: Schema, root: Schema): Schema {
  if (!schema.$ref?.startsWith('#/')) return schema;
  const path = schema.$ref.slice(2).split('/');
  const target = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);
  return (target as Schema | undefined) ?? {};
}

function objectFor({ properties = {}, required = [] }: Schema, words: Words, root: Schema, depth: number) {
  const wanted = Object.entries(properties).filter(([name]) => depth < 2 || required.includes(name));
  if (depth > deepest) return {};
  return Object.fromEntries(wanted.map(([name, each]) => [name, made(each, words, root, depth + 1)]));
}

function arrayFor(
  { items, prefixItems, minItems = 1 }: Schema,
  words: Words,
  root: Schema,
  depth: number,
): unknown[] {
  if (depth > deepest) return [];
  if (Array.isArray(prefixItems)) return prefixItems.map((item) => made(item, words, root, depth + 1));
  const count = Math.min(Math.max(depth < 2 ? 1 : 0, Number(minItems)), most);
  return Array.from({ length: count }, () => made(items ?? {}, words, root, depth + 1));
}

function numberFor({ minimum, exclusiveMinimum, maximum, multipleOf }: Schema): number {
  const least = Number(minimum ?? (exclusiveMinimum === undefined ? 1 : Number(exclusiveMinimum) + 1));
  const value = multipleOf ? Math.ceil(least / Number(multipleOf)) * Number(multipleOf) : least;
  return maximum === undefined ? value : Math.min(value, Number(maximum));
}

const formats: Record<string, string> = {
  'date-time': '2026-01-15T12:00:00Z',
  date: '2026-01-15',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function stringFor({ format, minLength, maxLength }: Schema, words: Words): string {
  const value = formats[String(format)] ?? words.next();
  return value
    .padEnd(Math.min(Number(minLength ?? 0), most), '.')
    .slice(0, Number(maxLength ?? value.length + Number(minLength ?? 0)));
}
