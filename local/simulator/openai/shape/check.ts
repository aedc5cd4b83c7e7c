import { invalid } from '../../errors.ts';
import type { Shape } from './shape.ts';

/**
 * Refuses what is not of a shape, in the words of OpenAI's API, the first fault alone. `path`: where the value
 * stands in the body, empty for the body itself. Throws BedrockError.
 */
export function checkShape(value: unknown, shape: Shape, path = ''): void {
  switch (shape.kind) {
    case 'anything':
      return;
    case 'either': {
      const fitting = shape.shapes.find((each) => each.kind === 'anything' || isOf(value, each));
      if (!fitting) throw wrongType(path, shape, value);
      checkShape(value, fitting, path);
      return;
    }
    default:
      if (!isOf(value, shape)) throw wrongType(path, shape, value);
  }
  if (shape.kind === 'string') checkString(value as string, shape, path);
  else if (shape.kind === 'number') checkNumber(value as number, shape, path);
  else if (shape.kind === 'array') checkArray(value as unknown[], shape, path);
  else if (shape.kind !== 'boolean') checkObject(value as Record<string, unknown>, shape, path);
}

type Kind<K extends Shape['kind']> = Extract<Shape, { kind: K }>;
type Plain = Exclude<Shape, Kind<'anything'> | Kind<'either'>>;

function isOf(value: unknown, { kind }: Shape): boolean {
  if (kind === 'array') return Array.isArray(value);
  if (['object', 'map', 'tagged', 'roled'].includes(kind))
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === kind;
}

function checkString(value: string, { values, max, pattern }: Kind<'string'>, path: string): void {
  if (values && !values.includes(value)) throw notOneOf(value, values);
  if (max !== undefined && value.length > max)
    throw invalid(
      `Invalid '${path}': string too long. Expected a string with maximum length ${max}, but got a string with length ${value.length} instead.`,
    );
  if (pattern && !pattern.test(value))
    throw invalid(
      `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${pattern.source}'.`,
    );
}

function checkNumber(value: number, { integer, min, max }: Kind<'number'>, path: string): void {
  const kind = integer ? 'integer' : 'decimal';
  if (integer && !Number.isInteger(value))
    throw invalid(`Invalid type for '${path}': expected an integer, but got a decimal number instead.`);
  if (min !== undefined && value < min)
    throw invalid(
      `Invalid '${path}': ${kind} below minimum value. Expected a value >= ${min}, but got ${value} instead.`,
    );
  if (max !== undefined && value > max)
    throw invalid(
      `Invalid '${path}': ${kind} above maximum value. Expected a value <= ${max}, but got ${value} instead.`,
    );
}

function checkArray(value: unknown[], { of, min = 0, max }: Kind<'array'>, path: string): void {
  if (value.length < min)
    throw invalid(
      `Invalid '${path}': empty array. Expected an array with minimum length ${min}, but got an empty array instead.`,
    );
  if (max !== undefined && value.length > max)
    throw invalid(
      `Invalid '${path}': array too long. Expected an array with maximum length ${max}, but got an array with length ${value.length} instead.`,
    );
  for (const [index, each] of value.entries()) checkShape(each, of, `${path}[${index}]`);
}

function checkObject(
  value: Record<string, unknown>,
  shape: Kind<'object'> | Kind<'map'> | Kind<'tagged'> | Kind<'roled'>,
  path: string,
): void {
  if (shape.kind === 'tagged') checkTagged(value, shape, path);
  else if (shape.kind === 'roled') checkRoled(value, shape, path);
  else if (shape.kind === 'object') checkMembers(value, shape, path);
  else checkMap(value, shape, path);
}

function checkMap(value: Record<string, unknown>, shape: Kind<'map'>, path: string): void {
  const entries = Object.entries(value);
  if (shape.most !== undefined && entries.length > shape.most)
    throw invalid(
      `Invalid '${path}': too many properties. Expected an object with at most ${shape.most} properties, but got an object with ${entries.length} properties instead.`,
    );
  for (const [name, each] of entries) checkShape(each, shape.of, member(path, name));
}

function checkMembers(value: Record<string, unknown>, { members, required }: Kind<'object'>, path: string) {
  for (const name of required)
    if (value[name] === undefined || value[name] === null)
      throw invalid(`Missing required parameter: '${member(path, name)}'.`);
  for (const [name, each] of Object.entries(value)) {
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    if (!shape) throw unknownParameter(member(path, name));
    if (each !== null && each !== undefined) checkShape(each, shape, member(path, name));
  }
}

function checkRoled(value: Record<string, unknown>, { shapes, others }: Kind<'roled'>, path: string): void {
  const { role } = value;
  const own = typeof role === 'string' && Object.hasOwn(shapes, role) ? shapes[role] : undefined;
  checkShape(value, own ?? others, path);
}

function checkTagged(
  value: Record<string, unknown>,
  { shapes, untyped }: Kind<'tagged'>,
  path: string,
): void {
  const { type } = value;
  if (type === undefined || type === null) {
    if (!untyped) throw invalid(`Missing required parameter: '${member(path, 'type')}'.`);
    checkShape(value, untyped, path);
    return;
  }
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (!shape) throw notOneOf(String(type), Object.keys(shapes));
  checkShape(value, shape, path);
}

const member = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

export const unknownParameter = (path: string) => invalid(`Unknown parameter: '${path}'.`);

export function notOneOf(value: string, values: readonly string[]) {
  const quoted = values.map((each) => `'${each}'`);
  const list =
    quoted.length > 2 ? `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}` : quoted.join(' and ');
  return invalid(`Invalid value: '${value}'. Supported values are: ${list}.`);
}

function wrongType(path: string, shape: Plain | Kind<'either'>, value: unknown) {
  const expected = shape.kind === 'either' ? `one of ${shape.shapes.map(named).join(' or ')}` : named(shape);
  return invalid(`Invalid type for '${path}': expected ${expected}, but got ${described(value)} instead.`);
}

function named(shape: Shape): string {
  if (shape.kind === 'number') return shape.integer ? 'an integer' : 'a decimal';
  if (shape.kind === 'array') return 'an array of objects';
  return { string: 'a string', boolean: 'a boolean' }[shape.kind as string] ?? 'an object';
}

function described(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
