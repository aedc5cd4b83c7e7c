import { invalid, invalidValue, notJson } from './error.ts';
import { canonicalNumber, compareNumbers } from './number.ts';

/** An attribute value on the wire: an object with one member, which names its type. */
export type Value = Record<string, unknown>;
export type Item = Record<string, Value>;

export const typeOf = (value: Value): string => Object.keys(value)[0] ?? '';
export const contentOf = (value: Value): unknown => value[typeOf(value)];

/** The names that messages have for types. */
export const longNames: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  M: 'MAP',
  L: 'LIST',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
};

/** The value as it is stored. Throws what DynamoDB says of one that it does not take. */
export function readValue(value: unknown): Value {
  const given = Object.entries(Object(value) as Value).filter(([type]) => type in longNames);
  const [entry, ...more] = given;
  if (!entry)
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  if (more.length > 0)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  const [type, content] = entry;
  return { [type]: readContent(type, content) };
}

function readContent(type: string, content: unknown): unknown {
  if (type === 'N') return canonicalNumber(content);
  if (type === 'SS' || type === 'NS' || type === 'BS') return readSet(type, content as unknown[]);
  if (type === 'L') return (content as unknown[]).map(readValue);
  if (type === 'M') return readItem(content as Item);
  if (type === 'B' && !isBase64(content)) throw notJson();
  if (type === 'NULL' && content !== true)
    throw invalidValue('Null attribute value types must have the value of true');
  return content;
}

const isBase64 = (content: unknown) =>
  typeof content === 'string' && content.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(content);

function readSet(type: string, content: unknown[]): unknown[] {
  if (content.length === 0) throw invalidValue('An string set  may not be empty');
  const members = type === 'NS' ? content.map(canonicalNumber) : content;
  if (new Set(members).size === members.length) return members;
  if (type === 'NS') throw invalid('Input collection contains duplicates');
  throw invalidValue(`Input collection [${members.join(', ')}] contains duplicates.`);
}

export const readItem = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, readValue(value)]));

export function isSame(one: Value, other: Value): boolean {
  const type = typeOf(one);
  if (type !== typeOf(other)) return false;
  const [a, b] = [contentOf(one), contentOf(other)];
  if (!type.endsWith('S') || type === 'S') return JSON.stringify(a) === JSON.stringify(b);
  const [left, right] = [new Set(a as string[]), new Set(b as string[])];
  return left.size === right.size && [...left].every((each) => right.has(each));
}

/** Undefined for what has no order, or not with one another. */
export function compare(one: Value, other: Value): number | undefined {
  const type = typeOf(one);
  if (type !== typeOf(other)) return undefined;
  const [a, b] = [String(contentOf(one)), String(contentOf(other))];
  if (type === 'N') return compareNumbers(a, b);
  return type === 'S' || type === 'B' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : undefined;
}

/** What `size()` gives. */
export function sizeOf(value: Value): number | undefined {
  const content = contentOf(value);
  if (typeOf(value) === 'S') return Buffer.byteLength(String(content));
  if (typeOf(value) === 'M') return Object.keys(Object(content)).length;
  return Array.isArray(content) ? content.length : undefined;
}

/**
 * Bytes of an item, by
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const bytesOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value), 0);

function bytesOfValue(value: Value): number {
  const content = contentOf(value);
  switch (typeOf(value)) {
    case 'N':
      return bytesOfNumber(String(content));
    case 'NS':
      return (content as string[]).reduce((sum, each) => sum + bytesOfNumber(each), 0);
    case 'SS':
      return (content as string[]).reduce((sum, each) => sum + Buffer.byteLength(each), 0);
    case 'B':
      return Buffer.from(String(content), 'base64').length;
    case 'L':
      return (content as Value[]).reduce((sum, each) => sum + 1 + bytesOfValue(each), 3);
    case 'M':
      return Object.keys(Object(content)).length + 3 + bytesOf(content as Item);
    case 'NULL':
    case 'BOOL':
      return 1;
    default:
      return Buffer.byteLength(String(content));
  }
}

/** One byte for two significant digits, and one more. */
const bytesOfNumber = (text: string): number => {
  const digits = text.replace(/^-|\./g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
};
