import type { Json, JsonObject } from '../../canonical/types.ts';
import { resolve } from './references.ts';

/** What is referred to: the root, a definition, or another place in the schema. */
type Place = object;

/**
 * Whether a schema refers to itself, directly or through its definitions: OpenAI's structured outputs allow it,
 * the grammars of Bedrock's do not
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html).
 */
export function isRecursive(schema: JsonObject): boolean {
  const references = referencesOf(schema);
  const users = new Map<Place, Place[]>();
  const open = new Map<Place, number>();
  for (const [place, targets] of references) {
    open.set(place, targets.size);
    for (const target of targets) {
      const others = users.get(target);
      if (others) others.push(place);
      else users.set(target, [place]);
    }
  }
  // What refers to nothing is settled, then what refers only to that. What is never settled is a circle.
  const settled = [...open.keys()].filter((place) => open.get(place) === 0);
  for (const place of settled) {
    for (const user of users.get(place) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) settled.push(user);
    }
  }
  return settled.length < references.size;
}

/** The places that each place refers to. One place can be referred to in many spellings. */
function referencesOf(schema: JsonObject): Map<Place, Set<Place>> {
  const { $defs, definitions, ...root } = schema;
  const references = new Map<Place, Set<Place>>([[schema, placesIn(root, schema)]]);
  const parts = Object.values({ $defs, definitions }).flatMap((given) => Object.values(given ?? {}));
  for (const part of parts) {
    if (typeof part === 'object' && part !== null) references.set(part, placesIn(part, schema));
  }
  // A map that grows is walked to its end: what is found by the way may lead further.
  for (const targets of references.values()) {
    for (const target of targets) {
      if (!references.has(target)) references.set(target, placesIn(target as Json, schema));
    }
  }
  return references;
}

function placesIn(part: Json, schema: JsonObject, found = new Set<Place>()): Set<Place> {
  if (typeof part !== 'object' || part === null) return found;
  for (const [key, value] of Object.entries(part)) {
    const target = key === '$ref' && typeof value === 'string' ? resolve(schema, value) : undefined;
    if (typeof target === 'object' && target !== null) found.add(target);
    placesIn(value, schema, found);
  }
  return found;
}
