import type { ConverseRequest } from '../../lambda/canonical/types.ts';
import { runtimeCalls } from './chat.ts';
import type { Item, ResponsesBody } from './responses-captures.ts';
import type { Stack } from './stack.ts';

/** Claude, an open-weight model, and one of Amazon's. */
export const sonnet = 'us.anthropic.claude-sonnet-5-5';
export const opus = 'us.anthropic.claude-opus-5-5';
export const qwen = 'qwen.qwen3-32b-v1:0';
export const novaPro = 'us.amazon.nova-pro-v1:0';

/** What a client learns of one response, and what Bedrock was sent for it. */
export interface Heard {
  status: number;
  /** The response, or the last event's of a stream. */
  response: {
    status?: string;
    output?: Item[];
    store?: boolean;
    metadata?: object;
    [member: string]: unknown;
  };
  error?: { message: string; type: string; param: string | null; code: string | null };
  /** Types of a stream's events, each once. */
  events: string[];
  ignored: string;
  warnings: string;
  /** The last call of the model. */
  sent?: ConverseRequest;
}

/** Sends a request and reads its answer to the end. */
export async function respond(
  stack: Stack,
  body: ResponsesBody,
  { path = '/responses', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Heard> {
  const before = runtimeCalls(stack).length;
  const answer = await stack.post(path, body, headers);
  const text = await answer.text();
  const streamed = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const records = streamed
    ? [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json))
    : [];
  const last = streamed ? records.at(-1)?.response : JSON.parse(text);
  const calls = runtimeCalls(stack).slice(before);
  return {
    status: answer.status,
    response: last,
    ...(last?.error && { error: last.error }),
    events: [...new Set(records.map(({ type }) => String(type)))],
    ignored: answer.headers.get('x-gateway-ignored') ?? '',
    warnings: answer.headers.get('x-gateway-warnings') ?? '',
    sent: calls.at(-1)?.body as ConverseRequest,
  };
}

/** The names of the tools that the model was offered. */
export const toolNames = ({ sent }: Heard): string[] =>
  (sent?.toolConfig?.tools ?? []).flatMap((tool) => ('toolSpec' in tool ? [tool.toolSpec.name] : []));

export const blocksOf = ({ sent }: Heard) => (sent?.messages ?? []).flatMap(({ content }) => content);
export const usesOf = (heard: Heard) =>
  blocksOf(heard).flatMap((block) => ('toolUse' in block ? [block.toolUse] : []));
export const resultsOf = (heard: Heard) =>
  blocksOf(heard).flatMap((block) => ('toolResult' in block ? [block.toolResult] : []));
export const reasoningOf = (heard: Heard) =>
  blocksOf(heard).flatMap((block) => ('reasoningContent' in block ? [block.reasoningContent] : []));
export const textOf = ({ response }: Heard): string =>
  (response.output ?? [])
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .map(({ text = '' }) => text)
    .join('');
