import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { longestName, mapSubschemas, subschemas } from './keywords.ts';

/** What a reference such as `#/$defs/a` leads to within the schema; undefined when it leads nowhere. */
export function resolve(root: JsonObject, reference: string): Json | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/') || reference.length > longestName) return undefined;
  let at: Json = root;
  for (const step of reference.slice(2).split('/')) {
    if (typeof at !== 'object' || at === null) return undefined;
    const name = fromStep(step);
    if (!Object.hasOwn(at, name)) return undefined;
    at = (at as JsonObject)[name]!;
  }
  return at;
}

/** The property that a step of a JSON pointer means. */
export function fromStep(step: string): string {
  const name = step.includes('%') ? decoded(step) : step;
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** The inverse. */
export const toStep = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * A schema whose references all lead to a schema within it. One that leads nowhere, or out to another document, is
 * left out: what stood there may be anything, which is all that can be said of it.
 */
export function withLiveReferences(root: JsonObject, lost: Set<string>): JsonObject {
  const found = survey(root);
  // A schema within that has an id of its own is a document, and references in it start there.
  if (!found.references || found.documents) return root;
  const own = typeof root.$id === 'string' ? root.$id.replace(/#$/, '') : '';
  const live = (schema: JsonObject): JsonObject => {
    if (typeof schema.$ref !== 'string') return mapSubschemas(schema, live);
    const { $ref, ...rest } = schema;
    const here = own && ($ref === own || $ref.startsWith(`${own}#`)) ? $ref.slice(own.length) || '#' : $ref;
    const target = resolve(root, here);
    const anchored = here.startsWith('#') && found.anchors.has(here.slice(1));
    if (anchored || isObject(target) || typeof target === 'boolean') {
      return mapSubschemas(here === $ref ? schema : { ...schema, $ref: here }, live);
    }
    lost.add(`the $ref ${JSON.stringify($ref.slice(0, 80))}, which leads to nothing in the schema`);
    return mapSubschemas(rest, live);
  };
  return live(root);
}

function survey(root: JsonObject) {
  const anchors = new Set<string>();
  let references = false;
  let documents = false;
  const visit = (schema: Json) => {
    if (!isObject(schema)) return;
    references ||= schema.$ref !== undefined;
    documents ||= schema.$id !== undefined && schema !== root;
    if (typeof schema.$anchor === 'string') anchors.add(schema.$anchor);
    for (const inner of subschemas(schema)) visit(inner);
  };
  visit(root);
  return { anchors, references, documents };
}

/** The same schema with every reference that starts at its root put otherwise. */
export function mapReferences(schema: JsonObject, map: (reference: string) => string): JsonObject {
  const { $ref } = schema;
  const moved = typeof $ref === 'string' && $ref.startsWith('#') ? map($ref) : $ref;
  const mapped = moved === $ref || moved === undefined ? schema : { ...schema, $ref: moved };
  return mapSubschemas(mapped, (inner) => mapReferences(inner, map));
}
