import type { Json, JsonObject } from '../../canonical/types.ts';
import { longestName } from './keywords.ts';
import { resolve } from './references.ts';

/**
 * Whether a schema refers to itself, directly or through its definitions: OpenAI's structured outputs allow it,
 * the grammars of Bedrock's do not
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html).
 */
export function isRecursive(schema: JsonObject): boolean {
  const references = referencesOf(schema);
  const users = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [name, targets] of references) {
    const known = [...targets].filter((target) => references.has(target));
    open.set(name, known.length);
    for (const target of known) {
      const others = users.get(target);
      if (others) others.push(name);
      else users.set(target, [name]);
    }
  }
  // What refers to nothing is settled, then what refers only to that. What is never settled is a circle.
  const settled = [...open.keys()].filter((name) => open.get(name) === 0);
  for (const name of settled) {
    for (const user of users.get(name) ?? []) {
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) settled.push(user);
    }
  }
  return settled.length < references.size;
}

/** What the root, each definition and each other place that is referred to refer to, by JSON pointer. */
function referencesOf(schema: JsonObject): Map<string, Set<string>> {
  const { $defs, definitions, ...root } = schema;
  // One place can be referred to in many spellings.
  const walked = new Map<Json, Set<string>>();
  const parts = new Map<string, Set<string>>([['#', refsIn(root)]]);
  for (const [key, given] of Object.entries({ $defs, definitions })) {
    for (const [name, part] of Object.entries(given ?? {})) parts.set(`#/${key}/${name}`, refsIn(part));
  }
  // A map that grows is walked to its end: what is found by the way may lead further.
  for (const targets of parts.values()) {
    for (const target of targets) {
      if (parts.has(target)) continue;
      const place = resolve(schema, target) ?? null;
      const targets = walked.get(place) ?? refsIn(place);
      walked.set(place, targets);
      parts.set(target, targets);
    }
  }
  return parts;
}

function refsIn(part: Json, found = new Set<string>()): Set<string> {
  if (typeof part !== 'object' || part === null) return found;
  for (const [key, value] of Object.entries(part)) {
    if (key !== '$ref' || typeof value !== 'string') refsIn(value, found);
    else if (value.length <= longestName) found.add(value);
  }
  return found;
}
