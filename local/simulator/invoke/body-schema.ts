import { type BedrockError, invalid } from '../errors.ts';

/** What a member of a native body must be; the part of JSON Schema that Bedrock's models use. */
export interface BodySchema {
  type: 'String' | 'Integer' | 'Number' | 'Boolean' | 'JSONArray' | 'JSONObject';
  enum?: readonly (string | number)[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: BodySchema;
  /** Members of an object; others are refused unless `open`. */
  members?: Readonly<Record<string, BodySchema>>;
  required?: readonly string[];
  open?: true;
}

/** Refuses a body as InvokeModel does: in the words of its schema checker, which is everit's (recorded). */
export function checkBody(body: unknown, schema: BodySchema): void {
  const found = violations(body, schema, '#');
  if (found.length === 1) throw malformed(found[0]!);
  if (found.length > 1) throw malformed(`${found.length} schema violations found`);
}

export const malformed = (why: string): BedrockError =>
  invalid(`Malformed input request: ${why}, please reformat your input and try again.`);

function violations(value: unknown, schema: BodySchema, path: string): string[] {
  const kind = kindOf(value);
  const fits = kind === schema.type || (schema.type === 'Number' && kind === 'Integer');
  if (!fits) return [`${path}: expected type: ${schema.type}, found: ${kind}`];
  if (schema.enum && !schema.enum.includes(value as string)) {
    return [`${path}: ${String(value)} is not a valid enum value`];
  }
  if (typeof value === 'number') return numberViolations(value, schema, path);
  if (typeof value === 'string') return lengthViolations(value, schema, path);
  if (Array.isArray(value)) return arrayViolations(value, schema, path);
  return typeof value === 'object' ? objectViolations(value as Record<string, unknown>, schema, path) : [];
}

function numberViolations(value: number, { minimum, maximum }: BodySchema, path: string): string[] {
  if (minimum !== undefined && value < minimum)
    return [`${path}: ${value} is not greater or equal to ${minimum}`];
  if (maximum !== undefined && value > maximum)
    return [`${path}: ${value} is not less or equal to ${maximum}`];
  return [];
}

function lengthViolations(value: string, { minLength, maxLength }: BodySchema, path: string): string[] {
  const { length } = value;
  if (minLength !== undefined && length < minLength) {
    return [`${path}: expected minLength: ${minLength}, actual: ${length}`];
  }
  if (maxLength !== undefined && length > maxLength) {
    return [`${path}: expected maxLength: ${maxLength}, actual: ${length}`];
  }
  return [];
}

function arrayViolations(
  value: unknown[],
  { minItems, maxItems, items }: BodySchema,
  path: string,
): string[] {
  if (minItems !== undefined && value.length < minItems) {
    return [`${path}: expected minimum item count: ${minItems}, found: ${value.length}`];
  }
  if (maxItems !== undefined && value.length > maxItems) {
    return [`${path}: expected maximum item count: ${maxItems}, found: ${value.length}`];
  }
  return items ? value.flatMap((item, index) => violations(item, items, `${path}/${index}`)) : [];
}

function objectViolations(
  value: Record<string, unknown>,
  { members = {}, required = [], open }: BodySchema,
  path: string,
): string[] {
  const missing = required
    .filter((key) => !(key in value))
    .map((key) => `${path}: required key [${key}] not found`);
  const own = Object.entries(value).flatMap(([key, member]) => {
    const schema = members[key];
    if (schema) return violations(member, schema, `${path}/${key}`);
    return open ? [] : [`${path}: extraneous key [${key}] is not permitted`];
  });
  return [...missing, ...own];
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return { string: 'String', boolean: 'Boolean' }[typeof value as string] ?? 'JSONObject';
}

export const text: BodySchema = { type: 'String' };
export const fraction: BodySchema = { type: 'Number', minimum: 0, maximum: 1 };
export const count: BodySchema = { type: 'Integer', minimum: 1 };
export const texts: BodySchema = { type: 'JSONArray', items: text };
export const anything = (type: BodySchema['type']): BodySchema => ({ type, open: true });
