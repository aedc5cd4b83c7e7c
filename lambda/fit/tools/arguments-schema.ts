import type { JsonObject } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { currentDraft } from '../schema/current-draft.ts';
import { objectRoot } from '../schema/object-root.ts';
import { withLiveReferences } from '../schema/references.ts';
import { rootKeys, withKeys } from '../schema/root-keys.ts';
import { wrappedSchema } from '../schema/wrapped.ts';
import type { Aliases } from './renaming.ts';

export interface ArgumentsSchema {
  schema: JsonObject;
  /** What the schema no longer says, for the tool's description. */
  rule?: string;
  /** What the root said of the tool and no longer does. */
  about?: string;
  /** What the client's schema lost, in words for a warning. */
  lost: string[];
  /** The properties of the arguments are to have other names: the schema has the original ones. */
  keys?: Aliases;
  /** The argument is no object: it is the value of the one property of what the model gives. */
  wrapped?: true;
}

/** Characters of a rule that a description is lengthened by; a longer one helps no model. */
const maxRule = 2000;

/** The schema of a tool's arguments as the model takes it: the root describes objects, in the forms of today. */
export function argumentsSchema(given: JsonObject, { schemaRules }: Capabilities): ArgumentsSchema {
  const { schema, lost } = currentDraft(given);
  const left = lost.map((what) => `${what} was left out`);
  const root = objectRoot(schema);
  if (!root) return { schema: wrappedSchema(schema), lost: left, wrapped: true };
  if (schemaRules !== 'anthropic') return { schema: asObject(schema), lost: left };
  const dead = new Set<string>();
  const united = root.schema === schema ? schema : withLiveReferences(root.schema, dead);
  left.push(...[...dead].map((what) => `${what} was left out`));
  const keys = rootKeys(united);
  const named = { schema: united, ...(keys.changed && { keys }) };
  if (root.exact) return { ...named, lost: left };
  const rule = ruleOf(schema, keys);
  left.push(
    `a composition at the root became ${rule ? 'part of the description' : 'one object of all properties'}`,
  );
  return { ...named, ...(rule && { rule }), lost: left };
}

const ruleOf = (schema: JsonObject, keys: Aliases): string | undefined =>
  inWords(withKeys(compositionsOf(schema), keys));

export function compositionsOf({ allOf, anyOf, oneOf }: JsonObject): JsonObject {
  return { ...(allOf && { allOf }), ...(anyOf && { anyOf }), ...(oneOf && { oneOf }) };
}

/** For a tool's description; undefined where it would be too long. */
export function inWords(schema: JsonObject): string | undefined {
  const rule = JSON.stringify(schema);
  return rule.length > maxRule ? undefined : `The arguments must also conform to this JSON schema: ${rule}`;
}

/** Converse wants the type of a root named. */
const asObject = (schema: JsonObject): JsonObject =>
  schema.type === 'object' && schema.properties
    ? schema
    : { ...schema, type: 'object', properties: schema.properties ?? {} };
