import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  answer,
  fakeBedrock,
  readBody,
  sendJson,
  streamHeaders,
  wholeStream,
} from '../lambda/backends/fake-bedrock.ts';

export type Fields = Record<string, unknown>;

export interface RuntimeCall {
  path: 'responses' | 'chat' | 'converse';
  /** Of Converse by the path, of OpenAI's APIs by the body. */
  model: string;
  headers: Record<string, string | string[] | undefined>;
  body: Fields;
}

/** What Responses answers: JSON with a status, or a stream as it stands, cut where it ends. */
export type RuntimeReply =
  | { status: number; json: unknown; headers?: Record<string, string> }
  | { sse: (Fields | string | { pauseMs: number })[]; cut?: true };

/**
 * Bedrock's runtime with OpenAI's APIs as a test writes them: each call of those gets the next reply. Converse answers
 * every call with "Hello". Nothing is judged, and what is sent is kept; the simulator is the strict one.
 */
export async function startScriptedRuntime() {
  const calls: RuntimeCall[] = [];
  let replies: RuntimeReply[] = [];
  const server = await fakeBedrock(async (request, response) => {
    const body = JSON.parse(await readBody(request)) as Fields;
    const { headers, url = '' } = request;
    const [, id = '', word] = /^\/model\/([^/]+)\/(converse(?:-stream)?)$/.exec(url) ?? [];
    if (word) {
      calls.push({ path: 'converse', model: decodeURIComponent(id), headers, body });
      if (word === 'converse') return sendJson(response, 200, answer);
      response.writeHead(200, streamHeaders);
      for (const frame of wholeStream) response.write(frame);
      return response.end();
    }
    const path = ownPaths.get(url);
    if (!path) return sendJson(response, 404, { message: `no route ${url}` });
    calls.push({ path, model: String(body.model), headers, body });
    const reply = replies.shift() ?? { status: 500, json: { error: { message: 'No reply.' } } };
    await send(reply, response);
  });
  return {
    url: server.url,
    calls,
    /** Replies for the next calls of OpenAI's APIs, in order; forgets earlier calls. */
    script(...next: RuntimeReply[]): void {
      calls.length = 0;
      replies = next;
    },
    close: server.close,
  };
}

const ownPaths = new Map<string, 'responses' | 'chat'>([
  ['/openai/v1/responses', 'responses'],
  ['/openai/v1/chat/completions', 'chat'],
]);

async function send(reply: RuntimeReply, response: ServerResponse): Promise<void> {
  if ('status' in reply) {
    sendJson(response, reply.status, reply.json, { 'x-amzn-requestid': 'request-1', ...reply.headers });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-amzn-requestid': 'request-1' });
  for (const event of reply.sse) {
    if (typeof event === 'string') response.write(event);
    else if ('pauseMs' in event) await pause(Number(event.pauseMs));
    // Chunks of Chat Completions have no names.
    else response.write(`${event.type ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
  }
  if (reply.cut) response.destroy();
  else response.end();
}

const encrypted = 'gAAAAABencrypted-by-the-model==';
export const upstreamReasoning = {
  id: 'rs_0a1b2c3d4e5f60718293a4b5',
  type: 'reasoning',
  summary: [{ type: 'summary_text', text: 'Look first.' }],
  encrypted_content: encrypted,
};
export const upstreamCall = {
  id: 'fc_0a1b2c3d4e5f60718293a4b5',
  type: 'function_call',
  status: 'completed',
  call_id: 'call_0a1b2c3d4e5f6071',
  name: 'look',
  namespace: 'files',
  arguments: '{"path":"a"}',
};
export const upstreamMessage = {
  id: 'msg_0a1b2c3d4e5f60718293a4b5',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Hello — wörld', annotations: [], logprobs: [] }],
};
export const upstreamUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
};

/** A response as Bedrock answers it. */
export const upstreamResponse = (changes: Fields = {}): Fields => ({
  id: 'resp_upstream0a1b2c3d4e5f',
  object: 'response',
  created_at: 1_790_000_000,
  completed_at: 1_790_000_001,
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'openai.gpt-5.6-sol',
  output: [upstreamReasoning, upstreamMessage, upstreamCall],
  usage: upstreamUsage,
  instructions: null,
  metadata: {},
  tools: [{ type: 'function', name: 'look' }],
  tool_choice: 'auto',
  text: { format: { type: 'text' } },
  reasoning: { effort: 'medium', summary: null },
  store: false,
  background: false,
  temperature: 1,
  top_p: 1,
  parallel_tool_calls: true,
  truncation: 'disabled',
  service_tier: 'default',
  ...changes,
});

/** The same streamed: all events, numbered as OpenAI numbers them. */
export function upstreamEvents(end: Fields = {}): Fields[] {
  const begun = {
    ...upstreamResponse({ status: 'in_progress', output: [], usage: null, completed_at: null }),
  };
  const [text] = upstreamMessage.content;
  const events: Fields[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    added(0, { ...upstreamReasoning, summary: [], encrypted_content: null }),
    { type: 'response.reasoning_summary_part.added', ...at(0, upstreamReasoning), summary_index: 0, part: { type: 'summary_text', text: '' } }, // biome-ignore format: one line
    { type: 'response.reasoning_summary_text.delta', ...at(0, upstreamReasoning), summary_index: 0, delta: 'Look first.' }, // biome-ignore format: one line
    { type: 'response.reasoning_summary_text.done', ...at(0, upstreamReasoning), summary_index: 0, text: 'Look first.' }, // biome-ignore format: one line
    { type: 'response.reasoning_summary_part.done', ...at(0, upstreamReasoning), summary_index: 0, part: upstreamReasoning.summary[0] }, // biome-ignore format: one line
    done(0, upstreamReasoning),
    added(1, { ...upstreamMessage, status: 'in_progress', content: [] }),
    { type: 'response.content_part.added', ...at(1, upstreamMessage), content_index: 0, part: { ...text, text: '' } }, // biome-ignore format: one line
    { type: 'response.output_text.delta', ...at(1, upstreamMessage), content_index: 0, delta: 'Hello — ', logprobs: [] }, // biome-ignore format: one line
    { type: 'response.output_text.delta', ...at(1, upstreamMessage), content_index: 0, delta: 'wörld', logprobs: [] }, // biome-ignore format: one line
    { type: 'response.output_text.done', ...at(1, upstreamMessage), content_index: 0, text: text?.text, logprobs: [] }, // biome-ignore format: one line
    { type: 'response.content_part.done', ...at(1, upstreamMessage), content_index: 0, part: text },
    done(1, upstreamMessage),
    added(2, { ...upstreamCall, status: 'in_progress', arguments: '' }),
    { type: 'response.function_call_arguments.delta', ...at(2, upstreamCall), delta: '{"path":' },
    { type: 'response.function_call_arguments.delta', ...at(2, upstreamCall), delta: '"a"}' },
    { type: 'response.function_call_arguments.done', ...at(2, upstreamCall), arguments: upstreamCall.arguments }, // biome-ignore format: one line
    done(2, upstreamCall),
    { type: `response.${end.status ?? 'completed'}`, response: upstreamResponse(end) },
  ];
  return events.map((event, sequence_number) => ({ type: event.type, sequence_number, ...event }));
}

const at = (output_index: number, { id }: { id: string }) => ({ item_id: id, output_index });
const added = (output_index: number, item: Fields) => ({
  type: 'response.output_item.added',
  output_index,
  item,
});
const done = (output_index: number, item: Fields) => ({
  type: 'response.output_item.done',
  output_index,
  item,
});
