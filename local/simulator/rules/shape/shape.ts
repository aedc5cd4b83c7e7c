import { BedrockError, invalid } from '../../errors.ts';

/** A Smithy shape with its constraints, as far as requests use them. */
export type Shape =
  | { kind: 'string'; min?: number; max?: number; pattern?: RegExp; oneOf?: readonly string[] }
  | { kind: 'number'; integer?: boolean; min?: number; max?: number }
  | { kind: 'boolean' }
  | { kind: 'blob'; min?: number }
  | { kind: 'document' }
  | { kind: 'list'; of: Shape; min?: number; max?: number }
  | { kind: 'map'; key: Shape; value: Shape; min?: number; max?: number }
  | { kind: 'structure'; members: Record<string, Shape>; required: readonly string[] };

export const string = (more: Omit<Extract<Shape, { kind: 'string' }>, 'kind'> = {}): Shape => ({
  kind: 'string',
  ...more,
});
export const oneOf = (...values: string[]): Shape => ({ kind: 'string', oneOf: values });
export const number = (min: number, max?: number): Shape => ({ kind: 'number', min, max });
export const integer = (min: number): Shape => ({ kind: 'number', integer: true, min });
export const boolean: Shape = { kind: 'boolean' };
export const document: Shape = { kind: 'document' };
export const blob: Shape = { kind: 'blob', min: 1 };
export const list = (of: Shape, min = 0, max?: number): Shape => ({ kind: 'list', of, min, max });
export const structure = (members: Record<string, Shape>, ...required: string[]): Shape => ({
  kind: 'structure',
  members,
  required,
});

/**
 * Throws as the service's front layer does: SerializationException for a value of the wrong type, one
 * ValidationException that names every constraint that does not hold. Unknown members are ignored.
 */
export function checkShape(value: unknown, shape: Shape): void {
  const violations: string[] = [];
  visit(value, shape, '', violations);
  if (violations.length === 0) return;
  const detected = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  throw invalid(`${detected} detected: ${violations.join('; ')}`);
}

function visit(value: unknown, shape: Shape, path: string, violations: string[]): void {
  const fails = (constraint: string) => {
    violations.push(
      `Value ${shown(value)} at '${path}' failed to satisfy constraint: Member must ${constraint}`,
    );
  };
  switch (shape.kind) {
    case 'string':
      checkString(expectType(value, 'string', 'String'), shape, fails);
      break;
    case 'blob':
      checkLength(bytesIn(expectType(value, 'string', 'Blob')), shape, fails);
      break;
    case 'number':
      checkNumber(expectType(value, 'number', shape.integer ? 'Integer' : 'Float'), shape, fails);
      break;
    case 'boolean':
      expectType(value, 'boolean', 'Boolean');
      break;
    case 'document':
      break;
    case 'list':
      for (const [i, each] of expectList(value, shape, fails).entries()) {
        visit(each, shape.of, `${path}.${i + 1}.member`, violations);
      }
      break;
    case 'map':
      for (const [key, each] of expectMap(value, shape, fails)) {
        visit(key, shape.key, path, violations);
        visit(each, shape.value, `${path}.${key}.member`, violations);
      }
      break;
    case 'structure':
      visitMembers(expectObject(value), shape, path, violations);
  }
}

function visitMembers(
  value: object,
  shape: Extract<Shape, { kind: 'structure' }>,
  path: string,
  violations: string[],
) {
  const members = value as Record<string, unknown>;
  for (const [name, member] of Object.entries(shape.members)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (members[name] !== undefined && members[name] !== null) visit(members[name], member, at, violations);
    else if (shape.required.includes(name)) {
      violations.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
    }
  }
}

type Fails = (constraint: string) => void;

/** The bytes that a text of base64 stands for: of the common alphabet, with its padding, as the parser wants it. */
function bytesIn(text: string): number {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw new BedrockError('SerializationException', 'STRING_VALUE can not be converted to a Blob');
  return Buffer.byteLength(text, 'base64');
}

/** What white space is to the service's patterns, which are Java's: none beyond ASCII. */
const inJava = ({ source }: RegExp): string => source.replaceAll('\\s', ' \\t\\n\\v\\f\\r');

function checkString(value: string, shape: Extract<Shape, { kind: 'string' }>, fails: Fails): void {
  if (shape.oneOf && !shape.oneOf.includes(value))
    fails(`satisfy enum value set: [${shape.oneOf.join(', ')}]`);
  if (shape.pattern && !new RegExp(`^(?:${inJava(shape.pattern)})$`).test(value)) {
    fails(`satisfy regular expression pattern: ${shape.pattern.source}`);
  }
  checkLength(value.length, shape, fails);
}

function checkLength(length: number, { min = 0, max }: { min?: number; max?: number }, fails: Fails): void {
  if (length < min) fails(`have length greater than or equal to ${min}`);
  if (max !== undefined && length > max) fails(`have length less than or equal to ${max}`);
}

const largestInteger = 2 ** 31 - 1;

function checkNumber(
  value: number,
  { min, max, integer: whole }: Extract<Shape, { kind: 'number' }>,
  fails: Fails,
): void {
  if (whole && (!Number.isInteger(value) || Math.abs(value) > largestInteger)) {
    throw new BedrockError('SerializationException', 'NUMBER_VALUE can not be converted to an Integer');
  }
  if (min !== undefined && value < min) fails(`have value greater than or equal to ${min}`);
  if (max !== undefined && value > max) fails(`have value less than or equal to ${max}`);
}

function expectList(value: unknown, shape: Extract<Shape, { kind: 'list' }>, fails: Fails): unknown[] {
  if (!Array.isArray(value)) throw new BedrockError('SerializationException', 'Expected list or null');
  checkLength(value.length, shape, fails);
  return value;
}

function expectMap(
  value: unknown,
  shape: Extract<Shape, { kind: 'map' }>,
  fails: Fails,
): [string, unknown][] {
  const entries = Object.entries(expectObject(value));
  checkLength(entries.length, shape, fails);
  return entries;
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

function expectType<T extends keyof Types>(value: unknown, type: T, name: string): Types[T] {
  if (typeof value === type) return value as Types[T];
  throw new BedrockError('SerializationException', conversionText(value, name));
}

function conversionText(value: unknown, name: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (typeof value === 'object' && value !== null)
    return 'Start of structure or map found where not expected.';
  const token = value === null ? 'NULL' : `${typeof value}`.toUpperCase();
  return `${token}_VALUE can not be converted to ${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

function expectObject(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new BedrockError(
    'SerializationException',
    Array.isArray(value)
      ? 'Start of list found where not expected'
      : 'Unexpected value: expected a structure or map',
  );
}

const shown = (value: unknown): string => `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
