import {
  type Block,
  type Capture,
  capture,
  headersOf,
  type MessagesBody,
  type Tool,
  type Turn,
} from './captures.ts';
import { eventsOf, foldMessage } from './messages-stream.ts';
import { type Stack, testKey } from './stack.ts';

export const sonnet55 = 'us.anthropic.claude-sonnet-5-5';
export const opus55 = 'us.anthropic.claude-opus-5-5';
export const opus46 = 'us.anthropic.claude-opus-4-6-v1';
export const sonnet45 = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
export const haiku45 = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
export const gptOss = 'openai.gpt-oss-120b-1:0';
export const novaPro = 'us.amazon.nova-pro-v1:0';

/** Makes the gateway ask Claude by Converse. */
export const byConverse = { 'x-gateway-path': 'converse' };

/** A message, or the error that stands in its place. */
export interface Message {
  [member: string]: unknown;
  type: string;
  content: Block[];
  stop_reason: string | null;
  usage: Record<string, unknown>;
  error?: { type: string; message: string };
}

export interface MessageEvent {
  [member: string]: unknown;
  type: string;
  index?: number;
  message?: Message;
  content_block?: Block;
  delta?: Delta;
  usage?: Record<string, number>;
  error?: { type: string; message: string };
}

interface Delta {
  [member: string]: unknown;
  type?: string;
  text?: string;
  thinking?: string;
  signature?: string;
  partial_json?: string;
  citation?: object;
}

/** What a client learns of one request to the Messages API. */
export interface Said {
  status: number;
  headers: Headers;
  /** The raw body. */
  raw: string;
  /** The message, folded where it was streamed; undefined for errors. */
  message: Message | undefined;
  events: MessageEvent[];
  /** Of an error answer, or of the last event. */
  error: { type: string; message: string; details?: object } | undefined;
  warnings: string;
  ignored: string[];
}

/** Sends one request and reads its answer to the end, strictly: a stream must keep every rule of the API's. */
export async function ask(
  stack: Stack,
  body: unknown,
  headers: Record<string, string> = {},
  path = '/messages',
): Promise<Said> {
  return readSaid(await stack.post(path, body, headers));
}

export async function readSaid(response: Response): Promise<Said> {
  const raw = await response.text();
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const events = streamed ? (eventsOf(withoutComments(raw)) as MessageEvent[]) : [];
  const whole = streamed ? undefined : (parsed(raw) as Message | undefined);
  const failure = streamed ? events.find(({ type }) => type === 'error') : whole;
  const message = streamed ? (failure ? undefined : (foldMessage(events) as unknown as Message)) : whole;
  return {
    status: response.status,
    headers: response.headers,
    raw,
    message: whole?.type === 'error' ? undefined : message,
    events,
    error: failure?.error as Said['error'],
    warnings: response.headers.get('x-gateway-warnings') ?? '',
    ignored: response.headers.get('x-gateway-ignored')?.split('; ') ?? [],
  };
}

/** Clients skip comments, wherever they stand. */
const withoutComments = (raw: string): string => raw.replace(/^:.*\n\n/gm, '');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A small request. */
export const hello = (more: Record<string, unknown> = {}): MessagesBody => ({
  model: sonnet55,
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});

export const tool = (name: string, more: Record<string, unknown> = {}): Tool => ({
  name,
  description: `Does ${name}`,
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  ...more,
});

/** A call of a tool, and its result in the next turn. */
export const toolTurns = (id: string, name: string, result: object = {}): Turn[] => [
  { role: 'assistant', content: [{ type: 'tool_use', id, name, input: { city: 'Paris' } }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'Sunny.', ...result }] },
];

/** What of a capture is changed before it is sent. */
export interface Change {
  model?: string;
  headers?: Record<string, string>;
  body?: (body: MessagesBody) => MessagesBody;
}

/** Sends what a client sent, with its own headers and the right key. */
export function replay(stack: Stack, name: string, change: Change = {}): Promise<Said> {
  const client = changed(capture(name), change);
  const headers = { ...headersOf(client, testKey), ...change.headers };
  return ask(stack, client.body, headers, client.path.replace('/v1', ''));
}

function changed(client: Capture, { model, body = (same) => same }: Change): Capture {
  return { ...client, body: body({ ...client.body, ...(model !== undefined && { model }) }) };
}

/** Every block of the messages of a native body. */
export const blocksOf = ({ messages = [] }: MessagesBody): Block[] =>
  messages.flatMap(({ content }) => (Array.isArray(content) ? content : []));

/** Every object anywhere in a body. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)];
}
