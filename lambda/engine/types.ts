import type { StepResult, Trace } from '../accounting/trace.ts';
import type { Principal } from '../auth/principal.ts';
import type { CallerCredentials } from '../backends/backend.ts';
import type { CallBudget } from '../bounds.ts';
import type { LaterNative, NativeAnswer, NativeBatches, NativeRequest } from '../canonical/native.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseAnswer, EventBatches } from '../canonical/types.ts';
import type { Note } from '../fields.ts';
import type { Plan } from './plan.ts';

/** Who calls. It does not change once it is known. */
export interface Caller {
  readonly principal: Principal;
  /** AWS credentials of the caller's own; absent: the gateway's are used. */
  readonly credentials?: CallerCredentials;
  /** Region that these are for. */
  readonly region?: string;
  /** Nothing but these credentials, which only AWS can check, says who calls. */
  readonly keyless?: true;
}

/** How long a request may take, and what must be finished before the process may be frozen or ended. */
export interface Lifetime {
  /** Aborted when the client has gone or the answer is finished: everything upstream must end then. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds by which the answer must be complete. */
  readonly deadline: number;
  /** Work that outlasts the answer. */
  waitUntil(work: Promise<unknown>): void;
}

/** What surrounds one request of a client. It does not change under the request; what happens is in the trace. */
export interface RequestContext {
  readonly requestId: string;
  readonly caller: Caller;
  readonly lifetime: Lifetime;
  readonly trace: Trace;
  /** The calls to Bedrock that the request has left. */
  readonly calls: CallBudget;
  /** Called when the engine begins to wait for a model that is being loaded: a stream may begin meanwhile. */
  readonly onWait?: () => void;
}

/** How an answer came about: becomes `model` in the answer and the x-gateway-* headers. */
export interface Outcome {
  /** The name for the client: as asked, or who answered when that was another model. */
  model: string;
  /** What Bedrock was called with. */
  modelId: string;
  steps: readonly StepResult[];
  warnings: readonly (string | Note)[];
  /** Parameters that had no effect on this model. */
  ignored: readonly Note[];
}

/** What a client asks for: a model, and those to try after it, if it names any. */
export interface Asked {
  model: string;
  fallbacks?: readonly string[] | undefined;
}

/** What a client asks of a model, in the shapes in which it can be sent. */
export interface ModelRequest {
  /**
   * In the shape in the middle, which every model can be fitted to. Made by the first step that needs it, and then the
   * same each time; throws the 400 of a conversation that cannot be translated.
   */
  canonical(): CanonicalRequest;
  /** The client's own body, for models that speak its API. */
  native?: NativeRequest | LaterNative | undefined;
  /** The one shape that the client wants it sent in; a model that cannot be asked in it is refused. */
  lane?: Lane | undefined;
}

/** How a model is asked: by Converse or a format of our own making, or in the client's own API. */
export type Lane = 'converse' | 'native';

/** An answer, in the shape in which the model was asked. */
export type WholeAnswer =
  | { answer: ConverseAnswer; native?: undefined }
  | { native: NativeAnswer; answer?: undefined };

/** The same, streamed. */
export type StreamedAnswer =
  | { events: EventBatches; native?: undefined }
  | { native: NativeBatches; events?: undefined };

/** Runs one request: resolve → lane → fit → policy → backend. */
export interface Engine {
  /**
   * Resolves the model and, for a key with a scope, the fallbacks. To be called before any work is done for the
   * request; rejects with a 403 for a model outside the key's scope and a 404 for one that does not exist.
   */
  permit(asked: Asked, context: RequestContext): Promise<Plan>;
  answer(request: ModelRequest, plan: Plan, context: RequestContext): Promise<Outcome & WholeAnswer>;
  /** Resolves after the first event from Bedrock, so a refusal is still a real HTTP status. */
  stream(request: ModelRequest, plan: Plan, context: RequestContext): Promise<Outcome & StreamedAnswer>;
}
