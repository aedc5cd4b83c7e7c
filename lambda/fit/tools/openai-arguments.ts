import type { Json, JsonObject } from '../../canonical/types.ts';
import { withItems } from '../schema/array-items.ts';
import { currentDraft } from '../schema/current-draft.ts';
import { objectRoot } from '../schema/object-root.ts';
import { withLiveReferences } from '../schema/references.ts';
import { wrappedSchema } from '../schema/wrapped.ts';
import { type ArgumentsSchema, compositionsOf, inWords } from './arguments-schema.ts';

/**
 * The schema of a tool's arguments as OpenAI's models take it: an object's with properties, nothing composed at its root
 * ("schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level"), and lists that say
 * what they hold.
 */
export function openaiArguments(given: JsonObject): ArgumentsSchema {
  const { schema, lost } = currentDraft(given);
  const left = lost.map((what) => `${what} was left out`);
  const { not, ...others } = schema;
  const root = objectRoot(others);
  if (!root) return { schema: withItems(wrappedSchema(schema)), lost: left, wrapped: true };
  // What a reference or a branch of the root leads to may have one, too.
  const { not: reached, ...united } = root.schema;
  const nots = [not, reached].filter((each) => each !== undefined);
  const dead = new Set<string>();
  const sent = withItems(root.schema === others ? others : withLiveReferences(united, dead));
  left.push(...[...dead].map((what) => `${what} was left out`));
  if (root.exact && nots.length === 0) return { schema: sent, lost: left };
  const rule = inWords(withNots(compositionsOf(schema), nots));
  left.push(
    `a composition at the root became ${rule ? 'part of the description' : 'one object of all properties'}`,
  );
  return { schema: sent, ...(rule && { rule }), lost: left };
}

function withNots(composed: JsonObject, nots: readonly Json[]): JsonObject {
  const [only, ...more] = nots;
  if (only === undefined) return composed;
  if (more.length === 0) return { ...composed, not: only };
  const all = Array.isArray(composed.allOf) ? composed.allOf : [];
  return { ...composed, allOf: [...all, ...nots.map((not) => ({ not }))] };
}
