import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedModel } from './models/model.ts';
import type { World } from './world.ts';

/** One call of a model: everything an operation may know. */
export interface Call {
  operation: OperationName;
  /** As in the path, URL-decoded: a model id, a profile id or an ARN. */
  modelId: string;
  /** What `modelId` stands for in the account: its foundation model, family and limits. */
  model: SimulatedModel;
  /** The JSON body; undefined when there was none. */
  body: unknown;
  headers: IncomingHttpHeaders;
  /** The region of the credential scope, which is where AWS would have received the call. */
  region: string;
  world: World;
  /** The runtime's own unless said. */
  endpoint?: 'mantle';
}

/**
 * The operations of `POST /model/{modelId}/{operation}`, by the last word of the path. An operation returns
 * a value and does no I/O of its own; it refuses by throwing a BedrockError. To add one: a handler in a
 * folder of its own and a line in `operations.ts`.
 */
export type Operation = (call: Call) => Reply;
export type OperationName = ModelOperation | 'chat-completions' | 'responses';
export type ModelOperation =
  | 'converse'
  | 'converse-stream'
  | 'invoke'
  | 'invoke-with-response-stream'
  | 'count-tokens';

/** Whether the answer to a call comes in events. On OpenAI's own paths the body says so. */
export function streams({ operation, body }: Pick<Call, 'operation' | 'body'>): boolean {
  if (operation === 'chat-completions' || operation === 'responses')
    return (body as { stream?: unknown } | undefined)?.stream === true;
  return operation === 'converse-stream' || operation === 'invoke-with-response-stream';
}

/**
 * `before` is played before the status line is sent, `steps` after it. A plain JSON answer is one `bytes`
 * step (see `reply.ts`), so that every scenario works on streams and on plain answers alike.
 */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  before?: Step[];
  steps: Iterable<Step>;
  /** How `bytes` and events reach the socket; each event on its own when undefined. */
  packets?: 'one' | 'awkward';
  /** How events become bytes; AWS's event stream when undefined. */
  framing?: Framing;
}

/** `nth`: the number of the event or exception in its stream, from 0. */
export interface Framing {
  event(type: string, payload: Record<string, unknown>, nth: number): Buffer;
  exception(type: string, payload: Record<string, unknown>, nth: number): Buffer;
}

export type Step =
  /** An event of a stream, in whatever frames it has; `p` and the order of keys are the encoder's business. */
  | { event: string; payload: Record<string, unknown> }
  | { exception: string; payload: Record<string, unknown> }
  /** Bytes as they are: a JSON body, or a frame that has been tampered with. */
  | { bytes: Uint8Array }
  | { pauseMs: number }
  /** Nothing more is sent, and the connection stays open, until the client goes away. */
  | { stall: true }
  /** The connection is torn down (RST) in the middle of things. */
  | { reset: true };
