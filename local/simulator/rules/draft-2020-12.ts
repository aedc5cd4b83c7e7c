import type { Schema } from '../converse/request.ts';

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isString: Check = (value) => typeof value === 'string';
const isBoolean: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'number';
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const listOf =
  (check: Check, atLeast = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= atLeast && value.every(check);
const setOf =
  (check: Check, atLeast = 0): Check =>
  (value) =>
    listOf(check, atLeast)(value) && new Set(value as unknown[]).size === (value as unknown[]).length;
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
const isType: Check = (value) =>
  ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'].includes(value as string);
const schema: Check = (value) => matchesDraft(value);

/** The metaschema (https://json-schema.org/draft/2020-12/schema and its vocabularies), keyword by keyword. */
const metaschema = new Map<string, Check>([
  ['$id', (value) => isString(value) && /^[^#]*#?$/.test(value as string)],
  ...each(['$anchor', '$dynamicAnchor'], (value) => /^[A-Za-z_][-A-Za-z0-9._]*$/.test(String(value))),
  ...each(['$schema', '$ref', '$dynamicRef', '$comment', 'title', 'description', 'format'], isString),
  ...each(['pattern', 'contentEncoding', 'contentMediaType'], isString),
  ...each(['deprecated', 'readOnly', 'writeOnly', 'uniqueItems'], isBoolean),
  ...each(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], isNumber),
  ['multipleOf', (value) => isNumber(value) && (value as number) > 0],
  ...each(['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains'], isCount),
  ...each(['minProperties', 'maxProperties'], isCount),
  ...each(['enum', 'examples'], Array.isArray),
  ['type', (value) => isType(value) || setOf(isType, 1)(value)],
  ['required', setOf(isString)],
  ['dependentRequired', mapOf(setOf(isString))],
  ...each(['prefixItems', 'allOf', 'anyOf', 'oneOf'], listOf(schema, 1)),
  ...each(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'], mapOf(schema)),
  ...each(['additionalProperties', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties'], schema),
  ...each(['items', 'contains', 'contentSchema', 'if', 'then', 'else', 'not'], schema),
  ['dependencies', mapOf((value) => schema(value) || setOf(isString)(value))],
]);

function each(keywords: string[], check: Check): [string, Check][] {
  return keywords.map((keyword) => [keyword, check]);
}

/** Anthropic's words, of tools; that it says the same of answers is assumed. */
export const notOfDraft =
  'JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12). Learn more about tool use at https://docs.claude.com/en/docs/tool-use.';

/** Whether a value is a schema of JSON Schema draft 2020-12. Keywords of its own making pass. */
export function matchesDraft(value: unknown): value is Schema | boolean {
  if (typeof value === 'boolean') return true;
  if (!isObject(value)) return false;
  return Object.entries(value).every(([keyword, member]) => metaschema.get(keyword)?.(member) ?? true);
}
