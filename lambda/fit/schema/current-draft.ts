import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { longestName, mapItems, mapMembers, type Shape, shapes } from './keywords.ts';
import { fromOlderDraft } from './older-drafts.ts';
import { withLiveReferences } from './references.ts';

/** Levels; requests are nested less deep, so this is a bound for everyone else. */
const deepest = 200;

export interface Current {
  schema: JsonObject;
  /** What could not be kept, in words for a warning. */
  lost: string[];
}

/**
 * The same schema as draft 2020-12 has it, which is what Claude's are checked against ("JSON schema is invalid. It
 * must match JSON Schema draft 2020-12") and no other model is known to refuse. Forms of older drafts become the
 * newer ones. A member that means nothing, such as `additionalProperties: "none"`, is left out, because a single one
 * costs the whole request (Tracer-Cloud/opensre#2404); so is a reference that leads nowhere. A schema that is fine
 * comes back as it is. Linear in the size of the schema.
 */
export function currentDraft(schema: JsonObject): Current {
  const lost = new Set<string>();
  const current = rewritten(schema, lost, 0);
  return { schema: withLiveReferences(current, lost), lost: [...lost] };
}

function rewritten(given: JsonObject, lost: Set<string>, depth: number): JsonObject {
  if (depth > deepest) {
    lost.add(`what is nested deeper than ${deepest} levels`);
    return {};
  }
  const inner = (value: Json): Json => {
    const read = asSchema(value);
    if (read === undefined && value !== null) lost.add('a schema that is none');
    return isObject(read) ? rewritten(read, lost, depth + 1) : (read ?? {});
  };
  return mapMembers(fromOlderDraft(given), (key, value) => {
    const shape = shapes.get(key);
    if (!shape) return value;
    // Serializers write null for what was never set; a boolean `required` has been read already.
    if (value === null || (key === 'required' && asFlag(value) !== undefined)) return undefined;
    const read = readers[shape](value);
    if (read === undefined) lost.add(key);
    else if (shape === 'schema') return inner(read);
    else if (shape === 'schemas') return mapItems(read as Json[], inner);
    else if (shape === 'named') return mapMembers(read as JsonObject, (_, member) => inner(member));
    return read;
  });
}

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** A keyword's value as its shape has it, read generously; undefined when it means nothing. */
const readers: Record<Shape, (value: Json) => Json | undefined> = {
  schema: asSchema,
  schemas: (value) => (Array.isArray(value) && value.length > 0 ? value : undefined),
  named: (value) => (isObject(value) ? value : undefined),
  type: (value) => (Array.isArray(value) ? asTypes(value) : asType(value)),
  number: asNumber,
  factor: (value) => only(asNumber(value), (number) => number > 0),
  count: (value) => only(asNumber(value), (number) => Number.isInteger(number) && number >= 0),
  names: asNames,
  namesByName: (value) => (isObject(value) ? mapMembers(value, (_, names) => asNames(names)) : undefined),
  flag: asFlag,
  list: (value) => (Array.isArray(value) ? value : undefined),
  id: (value) => only(asText(value), (text) => /^[^#]*#?$/.test(text)),
  anchor: (value) => only(asName(value), (text) => /^[A-Za-z_][\w.-]*$/.test(text)),
  text: asText,
};

function only<T>(value: T | undefined, fits: (value: T) => boolean): T | undefined {
  return value !== undefined && fits(value) ? value : undefined;
}

function asSchema(value: Json): Json | undefined {
  return isObject(value) ? value : asFlag(value);
}

function asText(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asName(value: Json): string | undefined {
  return typeof value === 'string' && value.length <= longestName ? value : undefined;
}

function asFlag(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const spelled = typeof value === 'string' ? value.toLowerCase() : '';
  return spelled === 'true' || spelled === 'false' ? spelled === 'true' : undefined;
}

function asNumber(value: Json): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Gemini's tools write types in capitals. */
function asType(value: Json): string | undefined {
  const type = typeof value === 'string' ? value.toLowerCase() : '';
  return types.includes(type) ? type : undefined;
}

function asTypes(values: Json[]): Json[] | undefined {
  const known = [...new Set(values.map(asType).filter((type) => type !== undefined))];
  if (known.length === 0) return undefined;
  return known.length === values.length && known.every((type, i) => type === values[i]) ? values : known;
}

function asNames(value: Json): Json[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = [...new Set(value.map(asName).filter((name) => name !== undefined))];
  return names.length === value.length ? value : names;
}
