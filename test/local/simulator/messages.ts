import {
  type BedrockRuntimeClient,
  InvokeModelCommand,
  type InvokeModelCommandInput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type {
  CachePoint,
  ContentBlock,
  ConverseRequest,
  ToolResult,
} from '../../../local/simulator/converse/request.ts';

type More = Partial<InvokeModelCommandInput>;

/** A body that every model takes. */
export const hello = (more: object = {}) => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 2000,
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});

export interface NativeMessage {
  id: string;
  content: ({ type: string } & Record<string, unknown>)[];
  stop_reason: string;
  usage: Record<string, unknown>;
  [member: string]: unknown;
}

export async function invoke(
  client: BedrockRuntimeClient,
  modelId: string,
  body: unknown,
  more: More = {},
): Promise<NativeMessage> {
  const answer = await client.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body), ...more }));
  return JSON.parse(answer.body.transformToString());
}

export interface NativeEvent {
  type: string;
  index?: number;
  message?: NativeMessage;
  content_block?: NativeMessage['content'][number];
  delta?: Record<string, string>;
  usage?: object;
  [member: string]: unknown;
}

/** All events of a stream; rejects as the SDK does when it breaks. */
export async function streamed(
  client: BedrockRuntimeClient,
  modelId: string,
  body: unknown,
  more: More = {},
): Promise<NativeEvent[]> {
  const command = { modelId, body: JSON.stringify(body), ...more };
  const answer = await client.send(new InvokeModelWithResponseStreamCommand(command));
  const events: NativeEvent[] = [];
  for await (const { chunk } of answer.body ?? [])
    events.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
  return events;
}

/** The message that a stream tells, as Anthropic's SDKs put it together. */
export function folded(events: readonly NativeEvent[]): NativeMessage {
  const message = structuredClone(events[0]?.message as NativeMessage);
  const json = new Map<number, string>();
  for (const { type, index = 0, content_block, delta = {}, usage, ...rest } of events.slice(1)) {
    const block = message.content[index] as Record<string, string>;
    if (type === 'content_block_start') message.content[index] = structuredClone(content_block!);
    if (type === 'content_block_delta') {
      for (const kind of ['text', 'thinking', 'signature'])
        if (delta.type === `${kind}_delta`) block[kind] = `${block[kind]}${delta[kind]}`;
      if (delta.type === 'input_json_delta') json.set(index, (json.get(index) ?? '') + delta.partial_json);
      if (delta.type === 'citations_delta')
        (message.content[index]!.citations as unknown[]).push(delta.citation);
    }
    if (type === 'message_delta') Object.assign(message, delta, { usage: { ...message.usage, ...usage } });
    if (type === 'message_stop')
      for (const [name, value] of Object.entries(rest))
        if (name.startsWith('amazon-bedrock-guardrail') || name === 'amazon-bedrock-trace')
          message[name] = value;
  }
  for (const [index, text] of json) message.content[index]!.input = JSON.parse(text || '{}');
  return message;
}

/** A Converse request as a body of the Messages API; a cache point becomes a mark on the block before it. */
export function nativeOf(request: ConverseRequest): object {
  const { inferenceConfig: limits = {}, toolConfig, outputConfig, system, messages = [] } = request;
  const { maxTokens = 4000, temperature, topP, stopSequences } = limits;
  const { additionalModelRequestFields: { output_config, tool_choice, ...fields } = {} } = request;
  const format = outputConfig?.textFormat?.structure.jsonSchema.schema;
  const config = {
    ...(output_config as object | undefined),
    ...(format && { format: { type: 'json_schema', schema: JSON.parse(format) } }),
  };
  const tools = marked(toolConfig?.tools ?? [], ({ toolSpec }) => {
    const { inputSchema, ...spec } = toolSpec!;
    return { ...spec, input_schema: inputSchema.json };
  });
  const choice = toolConfig?.toolChoice;
  return withoutUndefined({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    stop_sequences: stopSequences,
    messages: messages.map(({ role, content }) => ({ role, content: marked(content, blockOf) })),
    system: system && marked(system, ({ text }) => ({ type: 'text', text })),
    tools: toolConfig && tools,
    tool_choice: choice?.any ? { type: 'any' } : choice?.tool && { type: 'tool', name: choice.tool.name },
    output_config: Object.keys(config).length > 0 ? config : undefined,
    ...fields,
  });
}

function marked<T extends { cachePoint?: CachePoint }>(blocks: readonly T[], native: (block: T) => object) {
  const list: object[] = [];
  for (const block of blocks) {
    const { ttl } = block.cachePoint ?? {};
    if (block.cachePoint)
      Object.assign(list.at(-1)!, { cache_control: { type: 'ephemeral', ...(ttl && { ttl }) } });
    else list.push(withoutUndefined(native(block)));
  }
  return list;
}

function blockOf({
  text,
  image,
  document,
  searchResult,
  toolUse,
  toolResult,
  reasoningContent,
}: ContentBlock): object {
  if (image) return imageOf(image);
  if (document) return documentOf(document);
  if (searchResult) return searchResultOf(searchResult);
  if (toolUse) return { type: 'tool_use', id: toolUse.toolUseId, name: toolUse.name, input: toolUse.input };
  if (toolResult) return resultOf(toolResult);
  if (!reasoningContent) return { type: 'text', text };
  const { redactedContent: data, reasoningText } = reasoningContent;
  return data
    ? { type: 'redacted_thinking', data }
    : { type: 'thinking', thinking: reasoningText?.text, signature: reasoningText?.signature };
}

const imageOf = ({ format, source }: NonNullable<ContentBlock['image']>) => ({
  type: 'image',
  source: { type: 'base64', media_type: `image/${format}`, data: source.bytes },
});

function searchResultOf({ content, ...result }: { content?: { text: string }[] }): object {
  return { type: 'search_result', ...result, content: content?.map(({ text }) => ({ type: 'text', text })) };
}

function documentOf({ name: title, format, source, citations }: NonNullable<ContentBlock['document']>) {
  const { bytes: data = '' } = source;
  const given =
    format === 'pdf'
      ? { type: 'base64', media_type: 'application/pdf', data }
      : { type: 'text', media_type: 'text/plain', data: Buffer.from(data, 'base64').toString() };
  return { type: 'document', title, source: given, citations };
}

const resultOf = ({ toolUseId, content, status }: ToolResult) => ({
  type: 'tool_result',
  tool_use_id: toolUseId,
  content: content.map(({ text, image }) => (image ? imageOf(image) : { type: 'text', text })),
  is_error: status === 'error' || undefined,
});

const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
