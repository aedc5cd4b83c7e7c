import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { mapMembers, mapSubschemas } from './keywords.ts';

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
 * are refused ("For 'integer' type, property 'maximum' is not supported"), become part of the description, and
 * their names are added to `lost`.
 */
export function closedSchema(schema: JsonObject, lost: Set<string>): JsonObject {
  const hints: string[] = [];
  const kept = mapMembers(schema, (key, value) => {
    if (!ranges.has(key) && (key !== 'minItems' || value === 0 || value === 1)) return value;
    hints.push(`${key}: ${JSON.stringify(value)}`);
    lost.add(key);
    return undefined;
  });
  const description = [schema.description, `(${hints.join(', ')})`].filter(
    (part) => typeof part === 'string',
  );
  return {
    ...mapSubschemas(kept, (inner) => closedSchema(inner, lost)),
    ...(hints.length > 0 && { description: description.join(' ') }),
    ...(schema.additionalProperties === undefined &&
      allowsObjects(schema) && { additionalProperties: false }),
  };
}

const allowsObjects = (schema: JsonObject): boolean =>
  isObjectSchema(schema) || (Array.isArray(schema.type) && schema.type.includes('object'));

/** Describes objects and nothing else. */
export function isObjectSchema({ type, properties }: JsonObject): boolean {
  if (type === undefined) return isObject(properties);
  return type === 'object' || (Array.isArray(type) && type.length === 1 && type[0] === 'object');
}

/** Whether an object schema has a property of this name. */
export function hasProperty({ properties }: JsonObject, name: string): boolean {
  return isObject(properties) && Object.hasOwn(properties, name);
}
