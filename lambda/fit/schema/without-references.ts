import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { mapSubschemas, subschemas } from './keywords.ts';
import { resolve } from './references.ts';

/** How often the schemas of the original may be repeated: a definition that is used often makes the whole as much longer. */
const mostGrowth = 10;
/** Levels, those of what is put in the place of a reference included. */
const deepest = 200;

/** They say nothing of what is valid. */
const annotations = new Set(
  'title description default examples deprecated readOnly writeOnly $comment'.split(' '),
);

/**
 * The same schema without definitions: what a reference leads to stands in its place. One within itself has no such form,
 * and may be anything there, as may what would make the schema much longer; of both, `lost` is told. Linear.
 */
export function withoutReferences(root: JsonObject, lost: Set<string>): JsonObject {
  let left = mostGrowth * sizeOf(root);
  const placed = (given: JsonObject, chain: readonly string[], depth: number): JsonObject => {
    left -= 1;
    const { $defs: _, definitions: __, $ref, ...schema } = given;
    if (depth > deepest) lost.add(`what is nested deeper than ${deepest} levels`);
    if (depth > deepest) return {};
    const own = mapSubschemas(schema, (inner) => placed(inner, chain, depth + 1));
    if (typeof $ref !== 'string') return own;
    const target = resolve(root, $ref);
    if (chain.includes($ref)) lost.add('what refers to itself');
    else if (left < 0) lost.add('what is referred to too often');
    else if (isObject(target)) return both(placed(target as JsonObject, [...chain, $ref], depth + 1), own);
    return target === false ? { ...own, not: {} } : own;
  };
  return placed(root, ['#'], 0);
}

/** What holds both for one value; the words of the second are nearer to the place that they stand in. */
function both(one: JsonObject, other: JsonObject): JsonObject {
  if (Object.keys(other).every((key) => annotations.has(key))) return { ...one, ...other };
  return { ...one, allOf: [...(Array.isArray(one.allOf) ? one.allOf : []), other] };
}

function sizeOf(schema: JsonObject): number {
  let size = 1;
  for (const inner of subschemas(schema)) if (isObject(inner)) size += sizeOf(inner as JsonObject);
  return size;
}
