import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeEvent, encodeException } from '../../local/simulator/event-stream.ts';
import { fakeBedrock, readBody, sendJson, streamHeaders } from '../lambda/backends/fake-bedrock.ts';
import {
  type ConverseBody,
  converseBlock,
  converseEvents,
  converseUsage,
  eventsOf,
  message,
} from './bedrock-answers.ts';
import type { Block, MessagesBody } from './captures.ts';

/** One call that the stand-in has seen. */
export interface StandInCall {
  operation: Operation;
  modelId: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** The body, read as Claude's own; of CountTokens the body to be counted. */
  native: MessagesBody;
  /** The same, read as one of Converse. */
  converse: ConverseBody;
  /** The gateway hung up before the answer was complete. */
  aborted: boolean;
}

const operations = {
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  'count-tokens': 'CountTokens',
} as const;
type Operation = (typeof operations)[keyof typeof operations];

/** What a call is answered with. */
export type Reply = (call: StandInCall, response: ServerResponse) => void | Promise<void>;

/**
 * Bedrock's runtime as a test writes it: it judges nothing, keeps what it is sent, and answers what it is told to.
 * The simulator is the strict one.
 */
export interface StandIn {
  url: string;
  calls: StandInCall[];
  /** The only call there was, or the latest. */
  last(): StandInCall;
  /** Answers for the next calls, in order; after them every call gets a plain one. Forgets earlier calls. */
  script(...replies: Reply[]): void;
  close(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const calls: StandInCall[] = [];
  let replies: Reply[] = [];
  const server = await fakeBedrock(async (request, response) => {
    const call = await read(request);
    calls.push(call);
    response.once('close', () => {
      call.aborted = !response.writableFinished;
    });
    await (replies.shift() ?? says())(call, response);
  });
  return {
    url: server.url,
    calls,
    last() {
      const call = calls.at(-1);
      if (!call) throw new Error('Bedrock has not been called.');
      return call;
    },
    script(...next) {
      calls.length = 0;
      replies = next;
    },
    close: server.close,
  };
}

async function read(request: IncomingMessage): Promise<StandInCall> {
  const [, id = '', word = ''] = /^\/model\/([^/]+)\/([a-z-]+)$/.exec(request.url ?? '') ?? [];
  const sent = JSON.parse((await readBody(request)) || '{}');
  const counted: string | undefined = sent.input?.invokeModel?.body;
  const body = counted === undefined ? sent : JSON.parse(Buffer.from(counted, 'base64').toString());
  return {
    operation: operations[word as keyof typeof operations],
    modelId: decodeURIComponent(id),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    native: body,
    converse: body,
    aborted: false,
  };
}

const chunkFrame = (event: object) =>
  encodeEvent('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') });

/** An answer of these blocks, in the form of the operation that was called. */
export const says =
  (...answer: Parameters<typeof message>): Reply =>
  (call, response) => {
    const whole = message(...answer);
    const { content } = whole;
    switch (call.operation) {
      case 'InvokeModel':
        return sendJson(response, 200, whole);
      case 'InvokeModelWithResponseStream':
        return streams(eventsOf(whole))(call, response);
      case 'Converse':
      case 'ConverseStream':
        return sendsConverse(converseUsage, content, whole.stop_reason)(call, response);
      case 'CountTokens':
        return sendJson(response, 200, { inputTokens: 11 });
    }
  };

/** An answer of Converse with these counts. */
export const sendsConverse =
  (counts: object, content: Block[] = message().content, stopReason = 'end_turn'): Reply =>
  (call, response) =>
    call.operation === 'ConverseStream'
      ? converseStreams(converseEvents(content, stopReason, counts))(call, response)
      : sendJson(response, 200, {
          output: { message: { role: 'assistant', content: content.map(converseBlock) } },
          stopReason,
          usage: counts,
          metrics: { latencyMs: 9 },
        });

/** These bytes as an event stream that ends in good order. */
const frames =
  (...bytes: Buffer[]): Reply =>
  (_, response) => {
    response.writeHead(200, streamHeaders);
    for (const each of bytes) response.write(each);
    response.end();
  };

/** Chunks of InvokeModelWithResponseStream with these events. */
export const streams = (events: object[]): Reply => frames(...events.map(chunkFrame));

/** Events of ConverseStream. */
export const converseStreams = (events: [string, object][]): Reply =>
  frames(...events.map(([type, payload]) => encodeEvent(type, payload as Record<string, unknown>)));

/** A stream that has begun, and then this exception. */
export const breaksAfter =
  (events: object[], exception: string, text: string): Reply =>
  (call, response) => {
    const begun = call.operation.startsWith('Converse')
      ? (events as [string, Record<string, unknown>][]).map((event) => encodeEvent(...event))
      : events.map(chunkFrame);
    return frames(...begun, encodeException(exception, { message: text }))(call, response);
  };

/** A stream that begins and goes no further; with no events, not even a status comes. */
export const stalls =
  (events: object[] = []): Reply =>
  (_, response) => {
    if (events.length === 0) return;
    response.writeHead(200, streamHeaders);
    for (const event of events) response.write(chunkFrame(event));
  };

const statuses: Record<string, number> = {
  ValidationException: 400,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ModelTimeoutException: 408,
  ModelErrorException: 424,
  ThrottlingException: 429,
  ModelNotReadyException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
};

/** One of Bedrock's exceptions, as an HTTP status. */
export const refuses =
  (exception: string, text: string): Reply =>
  (_, response) =>
    sendJson(response, statuses[exception] ?? 400, { message: text }, { 'x-amzn-errortype': exception });

/** Waits before it answers. */
export const late =
  (ms: number, reply: Reply): Reply =>
  async (call, response) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await reply(call, response);
  };
