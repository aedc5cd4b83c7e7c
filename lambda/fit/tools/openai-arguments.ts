import type { JsonObject } from '../../canonical/types.ts';
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
  const dead = new Set<string>();
  const united = withItems(root.schema === others ? others : withLiveReferences(root.schema, dead));
  left.push(...[...dead].map((what) => `${what} was left out`));
  if (root.exact && not === undefined) return { schema: united, lost: left };
  const rule = inWords({ ...compositionsOf(schema), ...(not !== undefined && { not }) });
  left.push(
    `a composition at the root became ${rule ? 'part of the description' : 'one object of all properties'}`,
  );
  return { schema: united, ...(rule && { rule }), lost: left };
}
