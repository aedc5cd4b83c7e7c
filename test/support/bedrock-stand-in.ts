import type { IncomingMessage, ServerResponse } from 'node:http';
import { fakeBedrock, readBody } from '../lambda/backends/fake-bedrock.ts';
import type { ConverseBody } from './bedrock-answers.ts';
import { says } from './bedrock-replies.ts';
import type { MessagesBody } from './captures.ts';

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
 * Bedrock's runtime as a test writes it: it judges nothing, keeps what it is sent, and answers what the test says.
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
