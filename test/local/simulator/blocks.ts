/** Pieces of Converse requests as they are on the wire. */
export const text = (value: string) => ({ text: value });
export const user = (...content: unknown[]) => ({ role: 'user', content });
export const assistant = (...content: unknown[]) => ({ role: 'assistant', content });
export const ask = (value = 'Hello there') => [user(text(value))];

export const call = (toolUseId = 't1', name = 'get_weather', input: unknown = { city: 'Paris' }) => ({
  toolUse: { toolUseId, name, input },
});
export const result = (toolUseId = 't1', more: object = {}) => ({
  toolResult: { toolUseId, content: [{ text: 'sunny' }], ...more },
});
export const tool = (name = 'get_weather', more: object = {}) => ({
  toolSpec: {
    name,
    inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } } } },
    ...more,
  },
});
export const tools = (...list: unknown[]) => ({ tools: list.length > 0 ? list : [tool()] });
export const cachePoint = (ttl?: string) => ({ cachePoint: { type: 'default', ...(ttl && { ttl }) } });

/** A PNG of which only the header is real: that is all anyone looks at. */
export function png(width = 10, height = 10, length = 64): string {
  const bytes = Buffer.alloc(length);
  bytes.write('\x89PNG\r\n\x1a\n', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes.toString('base64');
}
export const image = (bytes = png(), format = 'png') => ({ image: { format, source: { bytes } } });
export const document = (
  name = 'notes',
  format = 'txt',
  bytes = Buffer.from('some notes').toString('base64'),
) => ({
  document: { name, format, source: { bytes } },
});
export const video = { video: { format: 'mp4', source: { bytes: 'AAAA' } } };
export const reasoning = (signature?: string, value = 'I think.') => ({
  reasoningContent: { reasoningText: { text: value, ...(signature && { signature }) } },
});
export const extra = (additionalModelRequestFields: object) => ({ additionalModelRequestFields });
export const thinking = (type: string, more: object = {}) =>
  extra({ thinking: { type, ...(type === 'enabled' && { budget_tokens: 1024 }), ...more } });
export const format = (schema: unknown) => ({
  outputConfig: {
    textFormat: {
      type: 'json_schema',
      structure: { jsonSchema: { schema: typeof schema === 'string' ? schema : JSON.stringify(schema) } },
    },
  },
});
export const closed = (properties: object) => ({ type: 'object', properties, additionalProperties: false });
