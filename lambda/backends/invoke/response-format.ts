import type { ConverseRequest, JsonObject } from '../../canonical/types.ts';

/** OpenAI's `response_format` from Converse's `outputConfig`; nothing where none is asked for. */
export function responseFormat({ outputConfig }: ConverseRequest): JsonObject {
  const asked = outputConfig?.textFormat?.structure.jsonSchema;
  if (!asked) return {};
  const { schema, name = 'response', description } = asked;
  const json_schema = { name, ...(description && { description }), schema: JSON.parse(schema) as JsonObject };
  return { response_format: { type: 'json_schema', json_schema } };
}
