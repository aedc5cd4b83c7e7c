import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import type { Aliases } from '../tools/renaming.ts';
import { mapMembers } from './keywords.ts';
import { fromStep, mapReferences, toStep } from './references.ts';
import { withKeys } from './root-keys.ts';

/** Characters of an original name that the model is shown. */
const longestOriginal = 200;

/**
 * The same schema with other names for the properties of its root; their descriptions have the original ones. What refers
 * to the root from within has the original names, and finds them in a definition.
 */
export function withRootKeys(schema: JsonObject, keys: Aliases): JsonObject {
  const { $schema, $id, $anchor, $defs, definitions, ...original } = schema;
  let root = 'root';
  while (isObject($defs) && Object.hasOwn($defs, root)) root += '_';
  let isReferred = false;
  const moved = (reference: string): string => {
    isReferred ||= reference === '#';
    if (reference === '#') return `#/$defs/${root}`;
    const [, key, rest = ''] = /^#\/properties\/([^/]*)(.*)$/s.exec(reference) ?? [];
    return key === undefined ? reference : `#/properties/${toStep(keys.to(fromStep(key)))}${rest}`;
  };
  const described = { ...schema, properties: withOriginals(schema.properties, keys) };
  const renamed = mapReferences(withKeys(described, keys), moved);
  if (!isReferred) return renamed;
  const whole = mapReferences(original, moved);
  return { ...renamed, $defs: { ...(renamed.$defs as JsonObject | undefined), [root]: whole } };
}

function withOriginals(properties: Json | undefined, keys: Aliases): Json {
  if (!isObject(properties)) return {};
  return mapMembers(properties, (key, member) => {
    if (keys.to(key) === key || !isObject(member)) return member;
    const described = typeof member.description === 'string' ? `${member.description} ` : '';
    return { ...member, description: `${described}(called ${key.slice(0, longestOriginal)})` };
  });
}
