import { isObject } from '../../canonical/json.ts';
import { parseToolInput } from '../../canonical/tool-input.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { mapReferences } from './references.ts';

/** The one property of what stands for a value that is no object, or whose schema cannot stand at a root. */
export const wrapper = 'value';

/**
 * An object schema with the given one as its only property. Definitions stay at the root, where the references to
 * them point; other references follow what they point to.
 */
export function wrappedSchema(given: JsonObject): JsonObject {
  const moved = mapReferences(given, (reference) =>
    /^#\/(\$defs|definitions)\//.test(reference) || !/^#(\/|$)/.test(reference)
      ? reference
      : `#/properties/${wrapper}${reference.slice(1)}`,
  );
  const { $schema, $id, $defs, definitions, ...schema } = moved;
  return {
    ...($schema !== undefined && { $schema }),
    ...($id !== undefined && { $id }),
    type: 'object',
    properties: { [wrapper]: schema },
    required: [wrapper],
    additionalProperties: false,
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  };
}

const opening = new RegExp(`^\\s*\\{\\s*"${wrapper}"\\s*:\\s*`);

/**
 * The JSON text of the value inside. Of an input that was cut off, what there is of the value; one that is not wrapped
 * as asked stays what it is.
 */
export function unwrapped(text: string): string {
  const input = parseToolInput(text);
  if (typeof input === 'string') return text.replace(opening, '');
  const value = onlyProperty(input, wrapper);
  return value === undefined ? text : JSON.stringify(value);
}

/** The value of an object's only property, if it has this name. */
export function onlyProperty(input: Json, name: string): Json | undefined {
  if (!isObject(input)) return undefined;
  return Object.keys(input).length === 1 && Object.hasOwn(input, name) ? input[name] : undefined;
}
