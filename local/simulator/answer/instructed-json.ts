import type { ConverseRequest, Schema } from '../converse/request.ts';
import { objectsIn } from '../json-in-text.ts';
import { withoutDirectives } from '../scenarios/directives.ts';
import { instructionsIn } from './instructions.ts';
import { isObject } from './schema/resolve.ts';

/** “Answer with a JSON object”, “you must return JSON”, “The output should be formatted as a JSON instance”. */
const demands = [
  /(^|[.!?:;,\n]\s*|\b(must|should|always|only|please|to|and|then|you)\s+)(answer|respond|reply|return|output|produce|generate|give|write|provide)\b[^.\n]{0,80}json/im,
  /\b(output|answer|response|reply)\b[^.\n]{0,20}\b(must|should|has to|needs to|is to)\b[^.\n]{0,80}json/i,
  /\bonly\b[^.\n]{0,20}\bjson\b|\bjson\b[^.\n]{0,20}\bonly\b/i,
  /\b(use|follow|match\w*|conform\w*|adher\w*|according)\b[^.\n]{0,60}json[ _-]?schema/i,
];

/**
 * The schema that the instructions want the answer in, although nothing binds the model to it: of the system prompt
 * or of the user's words. Any object where JSON is asked for without one, undefined where it is not asked for.
 */
export function instructedSchema(request: ConverseRequest): Schema | undefined {
  const [standing, last] = instructionsIn(request).map(withoutDirectives) as [string, string];
  const places = [standing, last];
  if (!places.some((text) => demands.some((demand) => demand.test(text)))) return undefined;
  for (const objects of places.map(objectsIn)) {
    const schema = objects.map(unwrapped).findLast(isSchema);
    if (schema) return schema;
  }
  // An example of the answer is followed to the letter.
  const example = objectsIn(standing).at(-1);
  if (example && Object.keys(example).length > 0) return { const: example };
  return { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
}

/** Schemas come as `{"name", "schema"}` too, as in `response_format`. */
function unwrapped(value: Record<string, unknown>): Record<string, unknown> {
  const inner = value.json_schema ?? value.schema;
  return isObject(inner) ? unwrapped(inner) : value;
}

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

function isSchema(value: Record<string, unknown>): value is Schema {
  const { type, properties, $ref, anyOf, oneOf, allOf } = value;
  if (isObject(properties) || typeof $ref === 'string') return true;
  return [anyOf, oneOf, allOf].some(Array.isArray) || (typeof type === 'string' && types.includes(type));
}
