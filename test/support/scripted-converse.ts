import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConverseAnswer, ConverseEvent, ConverseRequest } from '../../lambda/canonical/types.ts';
import { unfold } from '../../lambda/canonical/unfold.ts';
import { encodeEvent, encodeException } from '../../local/simulator/event-stream.ts';
import { fakeBedrock, readBody, sendJson, streamHeaders } from '../lambda/backends/fake-bedrock.ts';

/** An answer, which is streamed where a stream is asked for. */
export type Reply =
  | { answer: ConverseAnswer }
  /** A stream as it stands; after its events it breaks off or throws, if not all is well. */
  | { events: (ConverseEvent | { pauseMs: number })[]; exception?: { type: string; message: string } }
  | { status: number; type: string; message: string };

export interface ScriptedCall {
  modelId: string;
  streamed: boolean;
  body: ConverseRequest;
}

/**
 * Converse and ConverseStream as a test writes them: nothing is judged, what is sent is kept, and each call gets the next
 * reply. The simulator is the strict one.
 */
export async function startScriptedConverse() {
  const calls: ScriptedCall[] = [];
  let replies: (Reply | ((body: ConverseRequest) => Reply))[] = [];
  const server = await fakeBedrock(async (request, response) => {
    const [, id = '', word] = /^\/model\/([^/]+)\/(converse(?:-stream)?)$/.exec(request.url ?? '') ?? [];
    const body = JSON.parse(await readBody(request)) as ConverseRequest;
    const streamed = word === 'converse-stream';
    calls.push({ modelId: decodeURIComponent(id), streamed, body });
    const next = replies.shift() ?? { status: 500, type: 'InternalServerException', message: 'No reply.' };
    await send(typeof next === 'function' ? next(body) : next, streamed, response);
  });
  return {
    url: server.url,
    calls,
    /** Replies for the next calls, in order; forgets earlier calls. */
    script(...next: typeof replies): void {
      calls.length = 0;
      replies = next;
    },
    close: server.close,
  };
}

async function send(reply: Reply, streamed: boolean, response: ServerResponse): Promise<void> {
  if ('status' in reply) {
    sendJson(response, reply.status, { message: reply.message }, { 'x-amzn-errortype': reply.type });
  } else if ('answer' in reply && !streamed) sendJson(response, 200, reply.answer);
  else await stream('answer' in reply ? { events: unfold(reply.answer) } : reply, response);
}

async function stream(
  { events, exception }: Extract<Reply, { events: unknown }>,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, streamHeaders);
  for (const event of events) {
    if ('pauseMs' in event) await pause(event.pauseMs);
    else {
      const [[type, payload]] = Object.entries(event) as [[string, Record<string, unknown>]];
      response.write(encodeEvent(type, payload));
    }
  }
  if (exception) response.write(encodeException(exception.type, { message: exception.message }));
  response.end();
}
