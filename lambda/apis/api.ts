import type { StateKey } from '../auth/state-key.ts';
import type { FetchedMedia } from '../canonical/fetched-media.ts';
import type { NativeAnswer, NativeEvent } from '../canonical/native.ts';
import type { ConverseAnswer, ConverseEvent } from '../canonical/types.ts';
import type { Asked, ModelRequest } from '../engine/types.ts';
import type { GatewayError } from '../errors.ts';
import type { Spell } from '../fields.ts';
import type { Fields } from './shared/json.ts';

/**
 * What a client API for conversations is made of. Reading a request, writing an answer, encoding a stream and rendering
 * an error are pure; everything else that serving takes is said once, in `shared/serve.ts`.
 *
 * `Request`: what the API makes of a client's body, and needs again when it answers.
 *
 * @example routes.post('/chat/completions', serve(chatApi, deps));
 */
export interface ChatApi<Request extends ServedRequest> {
  /** In the log. */
  name: string;
  errors: ErrorFormat;
  /**
   * Reads the parameters, so that it is known what is asked of whom before any work is done. Throws a 400 that names
   * the parameter at fault.
   */
  begin(body: Fields, headers: Headers): BegunRequest<Request>;
  /** It has a place for one answer only. */
  oneAnswer?: boolean;
  /** Its clients take reasoning that no model has signed, so the progress of techniques may be told as such. */
  progressAsReasoning?: boolean;
  /** The body of a whole answer; one item of `answers` for each that was asked for. */
  answer(answers: readonly ConverseAnswer[], head: AnswerHead, request: Request): object;
  /** The body of an answer of a model that spoke the API itself; only of requests that have a native form. */
  nativeAnswer?(answer: NativeAnswer, head: AnswerHead, request: Request): object;
  /** What headers are to warn of where the body cannot be plain enough; a stream's are out before anything is known. */
  warnings?(answers: readonly ConverseAnswer[]): string[];
  /** Encodes one streamed answer. */
  encoder(head: Omit<AnswerHead, 'model'>, request: Request): StreamEncoder;
}

/** A request whose parameters are known; its conversation has not been looked at. */
export interface BegunRequest<Request> {
  asked: Asked;
  stream: boolean;
  /** The https URLs that the conversation points to. */
  urls: string[];
  /** What this client calls the fields of its request: in warnings, and in what is refused from here on. */
  spell: Spell;
  /**
   * Reads what the conversation refers to from where it is stored, for a caller who may ask the model: the request with all
   * of it. Absent: it refers to nothing.
   */
  load?(): Promise<BegunRequest<Request>>;
  /**
   * Translates the conversation. Throws a 400 that names the parameter for what is malformed, and for what would
   * change the answer and cannot be honoured; a 413 for what becomes too large.
   */
  read(context: ReadContext): Request;
}

/** A client's request, translated. */
export interface ServedRequest {
  model: ModelRequest;
  /** One for each answer, where they are not answers to the same; absent: all are to `model`. */
  models?: readonly ModelRequest[];
  /** How many answers are wanted. */
  n: number;
  /** Parameters without effect, as the client spelled them. */
  ignored: string[];
  /** What was lost before the request came. */
  warnings: string[];
}

export interface ReadContext {
  /** Opens and seals what the client carries from one request to the next. */
  stateKey: StateKey;
  /** What the https URLs gave. */
  fetched: ReadonlyMap<string, FetchedMedia>;
  /** Bytes of the client's body: they go out as often as answers are wanted. */
  bodyBytes: number;
}

/** What every answer begins with. */
export interface AnswerHead {
  requestId: string;
  /** Epoch milliseconds at which the gateway began to answer. */
  createdAt: number;
  /** Epoch milliseconds when it is called, for APIs that say when an answer was complete. */
  now?: () => number;
  /** The name of who answers, as the client is to see it. */
  model: string;
}

/**
 * Turns the events of an answer into server-sent events. `open` comes first, once it is known who answers; then
 * batches of one shape; then either `end` or `fail`, after which nothing follows. Where nobody answers, `fail` comes alone.
 * A `heartbeat` may come between any two of them, and before the first.
 */
export interface StreamEncoder {
  open(model: string): string;
  /** The text for one batch of events of one of several answers; '' where it has nothing to say. */
  push(batch: readonly ConverseEvent[], choice: number): string;
  /** The same for a model that spoke the API itself; such a request has one answer. */
  pushNative?(batch: readonly NativeEvent[]): string;
  end(): string;
  /** What follows when `end` has been given, and takes time. */
  last?(): Promise<string>;
  fail(error: GatewayError): string;
  /** What keeps a silent stream open: a comment or an event that the API's clients skip. */
  heartbeat(): string;
}

/**
 * How a client API renders a failure. Errors themselves know no API: the format is chosen by the request's path
 * before any route runs, so that an answer to a wrong key, an unknown route or too large a body has the form that
 * the client reads as well.
 */
export interface ErrorFormat {
  /** The HTTP status of an error answer; most APIs have the error's own. */
  status(error: GatewayError): number;
  /** The JSON body of an error answer. */
  body(error: GatewayError, requestId: string): object;
  /** The server-sent event that ends a stream which has begun; nothing follows it. */
  event(error: GatewayError, requestId: string): string;
  /** Headers of an error answer: when to come again, or never. */
  headers(error: GatewayError): Record<string, string>;
  /** Names of the response headers that carry the request id. */
  requestIdHeaders: readonly string[];
}
