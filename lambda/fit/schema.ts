import type { Json, JsonObject } from '../canonical/types.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords that hold a schema, a list of schemas, or schemas by name; others hold data. */
const schemaKeywords = new Set(['items', 'additionalItems', 'contains', 'not', 'if', 'then', 'else']);
const listKeywords = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const namedKeywords = new Set([
  'properties',
  '$defs',
  'definitions',
  'patternProperties',
  'dependentSchemas',
]);

/** What grammars cannot express. */
const ranges = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
]);

/**
 * A copy within what Bedrock's structured outputs take
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html): every object schema says
 * `additionalProperties: false` where it says nothing, which OpenAI demands only in strict mode; ranges, which
 * are refused ("For 'integer' type, property 'maximum' is not supported"), become part of the description.
 */
export function closedSchema(schema: JsonObject): JsonObject {
  const closed: JsonObject = {};
  const hints: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (ranges.has(key) || (key === 'minItems' && value !== 0 && value !== 1))
      hints.push(`${key}: ${JSON.stringify(value)}`);
    else setOwn(closed, key, closedMember(key, value));
  }
  if (hints.length > 0) {
    const { description } = schema;
    closed.description = [description, `(${hints.join(', ')})`]
      .filter((part) => typeof part === 'string')
      .join(' ');
  }
  if (schema.additionalProperties === undefined && allowsObjects(schema)) closed.additionalProperties = false;
  return closed;
}

function closedMember(key: string, value: Json): Json {
  const close = (member: Json): Json => (isObject(member) ? closedSchema(member) : member);
  if (listKeywords.has(key) && Array.isArray(value)) return value.map(close);
  if (schemaKeywords.has(key)) return Array.isArray(value) ? value.map(close) : close(value);
  if (!namedKeywords.has(key) || !isObject(value)) return value;
  const members: JsonObject = {};
  for (const [name, member] of Object.entries(value)) setOwn(members, name, close(member));
  return members;
}

/** Assignment would take a property that is called `__proto__` for the prototype. */
function setOwn(target: JsonObject, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

const allowsObjects = (schema: JsonObject): boolean =>
  isObjectSchema(schema) || (Array.isArray(schema.type) && schema.type.includes('object'));

/** Describes objects and nothing else: what the input of a tool can be. */
export function isObjectSchema({ type, properties }: JsonObject): boolean {
  if (type === undefined) return isObject(properties);
  return type === 'object' || (Array.isArray(type) && type.length === 1 && type[0] === 'object');
}

export const wrapper = 'value';

/**
 * An object schema with the given one as its only property. Definitions stay at the root, where the
 * references to them point.
 */
export function wrappedSchema({ $defs, definitions, ...schema }: JsonObject): JsonObject {
  return {
    type: 'object',
    properties: { [wrapper]: schema },
    required: [wrapper],
    additionalProperties: false,
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  };
}

/** Whether an object schema has a property of this name. */
export function hasProperty({ properties }: JsonObject, name: string): boolean {
  return isObject(properties) && Object.hasOwn(properties, name);
}
