import type { Schema } from '../../converse/request.ts';
import { invalid } from '../../errors.ts';
import { canonical, requiredOf } from './fits.ts';
import { isObject, resolve } from './resolve.ts';

/** Choices of choices are multiplied no further than this. */
const mostChoices = 64;
const deepest = 50;

/** As Anthropic words it. */
const noSchema =
  'The model returned the following errors: tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12).';

/**
 * The schema without `$ref`, `allOf` and `if`: everything that holds together stands together. Alternatives stay
 * in `anyOf` and `oneOf`. undefined: nothing fits. Throws BedrockError for what is no schema.
 */
export function flatten(schema: unknown, root: Schema, depth = 0): Schema | undefined {
  if (schema === false) return undefined;
  if (schema === true || schema === undefined || depth > deepest) return {};
  if (!isObject(schema)) throw invalid(noSchema);
  const { $ref, allOf, if: condition, then, else: otherwise, ...own } = schema as Schema;
  const parts: unknown[] = [
    ...($ref === undefined ? [] : [resolve($ref, root)]),
    ...(Array.isArray(allOf) ? allOf : []),
    ...(condition === undefined ? [] : [{ anyOf: branches(condition, then, otherwise) }]),
  ];
  let whole: Schema = own;
  for (const part of parts) {
    const flat = flatten(part, root, depth + 1);
    if (!flat) return undefined;
    whole = merge(whole, flat);
  }
  return whole;
}

const branches = (condition: unknown, then: unknown = true, otherwise: unknown = true) => [
  { allOf: [condition, then] },
  { allOf: [{ not: condition }, otherwise] },
];

/** Both at once. What cannot hold together comes out as something that nothing fits. */
export function merge(a: Schema, b: Schema): Schema {
  const whole: Schema = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    whole[keyword] = a[keyword] === undefined ? value : together(keyword, a[keyword], value);
  }
  const required = [...new Set([...requiredOf(a), ...requiredOf(b)])];
  return required.length > 0 ? { ...whole, required } : whole;
}

const largest = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
  'minContains',
]);
const smallest = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'maxContains',
]);
const perMember = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies']);
const schemas = new Set(['items', 'additionalProperties', 'propertyNames', 'contains', 'additionalItems']);

function together(keyword: string, a: unknown, b: unknown): unknown {
  if (largest.has(keyword) && typeof a === typeof b) return Math.max(Number(a), Number(b));
  if (smallest.has(keyword) && typeof a === typeof b) return Math.min(Number(a), Number(b));
  if (perMember.has(keyword) && isObject(a) && isObject(b)) return members(a, b);
  if (schemas.has(keyword)) return a === false || b === false ? false : { allOf: [a, b] };
  switch (keyword) {
    case 'type':
      return commonTypes([a].flat(), [b].flat());
    case 'enum':
      return common(a, b);
    case 'multipleOf':
      return commonMultiple(Number(a), Number(b));
    case 'anyOf':
    case 'oneOf':
      return pairs(a, b);
    case 'not':
      return { anyOf: [a, b] };
    case 'prefixItems':
      return pairwise(a, b);
    case 'uniqueItems':
      return a === true || b === true;
    default:
      return a;
  }
}

function members(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const whole = { ...a };
  for (const [name, part] of Object.entries(b)) {
    whole[name] = Object.hasOwn(a, name) ? { allOf: [a[name], part] } : part;
  }
  return whole;
}

function commonTypes(a: unknown[], b: unknown[]): unknown[] {
  const direct = a.filter((type) => b.includes(type));
  const whole = (some: unknown[], others: unknown[]) => some.includes('integer') && others.includes('number');
  return !direct.includes('integer') && (whole(a, b) || whole(b, a)) ? [...direct, 'integer'] : direct;
}

function common(a: unknown, b: unknown): unknown[] {
  const theirs = new Set((Array.isArray(b) ? b : []).map(canonical));
  return (Array.isArray(a) ? a : []).filter((value) => theirs.has(canonical(value)));
}

/** The least number that is a multiple of both, tried out; their product where there is none near. */
export function commonMultiple(a: number, b: number): number {
  const [small, large] = [Math.min(a, b), Math.max(a, b)];
  for (let n = 1; n <= 1000; n += 1) {
    const quotient = (large * n) / small;
    if (Math.abs(quotient - Math.round(quotient)) < 1e-9) return large * n;
  }
  return a * b;
}

function pairs(a: unknown, b: unknown): unknown[] {
  const [first, second] = [a, b].map((each) => (Array.isArray(each) ? each : []));
  return first!.flatMap((one) => second!.map((other) => ({ allOf: [one, other] }))).slice(0, mostChoices);
}

function pairwise(a: unknown, b: unknown): unknown[] {
  const [first, second] = [a, b].map((each) => (Array.isArray(each) ? each : []));
  const length = Math.max(first!.length, second!.length);
  return Array.from({ length }, (_, i) => ({ allOf: [first![i] ?? true, second![i] ?? true] }));
}
