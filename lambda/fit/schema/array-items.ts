import type { JsonObject } from '../../canonical/types.ts';
import { mapSubschemas } from './keywords.ts';

/**
 * A schema in which every list says what it holds, if only anything: OpenAI's models refuse one that does not ("array
 * schema missing items", ogx-ai/ogx#3602). One that is fine comes back as it is.
 */
export function withItems(schema: JsonObject): JsonObject {
  const inner = mapSubschemas(schema, withItems);
  const isList = inner.type === 'array' || (Array.isArray(inner.type) && inner.type.includes('array'));
  return isList && inner.items === undefined ? { ...inner, items: {} } : inner;
}
