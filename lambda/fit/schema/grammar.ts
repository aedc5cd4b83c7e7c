import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { subschemas } from './keywords.ts';
import { isRecursive } from './recursive.ts';

/** What a schema asks of the grammar that an answer, or the input of a strict tool, is bound to. */
export interface GrammarNeeds {
  /** What no grammar holds, in a word or two; undefined when the schema can be compiled. */
  beyond: string | undefined;
  /** Schemas with several types or with `anyOf`. */
  unions: number;
  /** Properties that may be absent. */
  optional: number;
}

/**
 * Of one request, by the sum over its strict tools: "Schemas contains too many parameters with union types (30 …)
 * (limit: 16 parameters with unions)", "… too many optional parameters (…) (limit: 24)" (strands-agents/harness-sdk#2664).
 */
export const grammarLimits = { unions: 16, optional: 24, strictTools: 20 };

/**
 * What Bedrock's structured outputs cannot express
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html, vercel/ai#17268): "Schema type 'oneOf'
 * is not supported", "'additionalProperties' must be explicitly set to false". Ranges are not among them: they become
 * part of descriptions.
 */
export function grammarNeeds(schema: JsonObject): GrammarNeeds {
  const needs: GrammarNeeds = {
    beyond: isRecursive(schema) ? 'recursion' : undefined,
    unions: 0,
    optional: 0,
  };
  const visit = (each: Json): void => {
    if (!isObject(each)) {
      needs.beyond ??= 'a boolean schema';
      return;
    }
    needs.beyond ??= beyond(each);
    if (each.anyOf !== undefined || (Array.isArray(each.type) && each.type.length > 1)) needs.unions += 1;
    needs.optional += optionalIn(each);
    const { additionalProperties: _, ...others } = each;
    for (const inner of subschemas(others)) visit(inner);
  };
  visit(schema);
  return needs;
}

/** Anthropic counts what a grammar must branch on; of other models no limit is known. */
export function fitsGrammar(schema: JsonObject, { schemaRules }: Pick<Capabilities, 'schemaRules'>): boolean {
  const { beyond, unions, optional } = grammarNeeds(schema);
  if (beyond !== undefined) return false;
  return (
    schemaRules !== 'anthropic' || (unions <= grammarLimits.unions && optional <= grammarLimits.optional)
  );
}

function optionalIn({ properties, required }: JsonObject): number {
  if (!isObject(properties)) return 0;
  const named = new Set(Array.isArray(required) ? required : []);
  return Object.keys(properties).filter((name) => !named.has(name)).length;
}

const refused =
  'oneOf not if then else patternProperties propertyNames minProperties maxProperties dependentRequired dependentSchemas unevaluatedProperties unevaluatedItems contains prefixItems $dynamicRef $recursiveRef'.split(
    ' ',
  );
const typing = ['type', '$ref', 'anyOf', 'allOf', 'enum', 'const', 'properties'];
const formats = 'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' ');

function beyond(schema: JsonObject): string | undefined {
  const { $ref, allOf, enum: values, format, pattern, additionalProperties } = schema;
  const keyword = refused.find((each) => schema[each] !== undefined);
  if (keyword) return keyword;
  if (isOpen(schema)) return 'an open map';
  if (additionalProperties !== undefined && additionalProperties !== false) return 'additionalProperties';
  if (!typing.some((each) => schema[each] !== undefined)) return 'a schema without a type';
  if (typeof $ref === 'string' && !$ref.startsWith('#')) return 'a reference to another document';
  if (Array.isArray(allOf) && allOf.some((each) => isObject(each) && each.$ref !== undefined))
    return 'allOf with $ref';
  if (Array.isArray(values) && values.some((value) => typeof value === 'object' && value !== null))
    return 'an enum of objects';
  if (typeof format === 'string' && !formats.includes(format)) return `the format ${format.slice(0, 40)}`;
  return typeof pattern === 'string' && isIrregular(pattern) ? 'such a pattern' : undefined;
}

/** An object of which nothing is said may hold anything: closed, it could hold nothing. */
function isOpen({
  type,
  properties,
  additionalProperties,
  anyOf,
  allOf,
  $ref,
  enum: values,
}: JsonObject): boolean {
  const isForObjects = type === 'object' || (Array.isArray(type) && type.includes('object'));
  const said = [properties, additionalProperties, anyOf, allOf, $ref, values];
  return isForObjects && said.every((each) => each === undefined);
}

/** Look-around, named groups, back references, word boundaries, classes by property, and long repetitions. */
function isIrregular(pattern: string): boolean {
  const bare = pattern.replaceAll('\\\\', '');
  return /\(\?[^:]|\\[bBkpP1-9]|\{\d{4,}|,\d{4,}\}/.test(bare);
}
