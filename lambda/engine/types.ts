import type { Principal } from '../auth/principal.ts';
import type { StateKey } from '../auth/state-key.ts';
import type { CallerCredentials } from '../backends/backend.ts';
import type { CallBudget } from '../bounds.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseAnswer, EventBatches } from '../canonical/types.ts';
import type { Note } from '../fields.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import type { Plan } from './plan.ts';

/** What surrounds one client call. */
export interface CallContext {
  requestId: string;
  principal: Principal;
  /** Aborted when the client has gone or the answer is finished: everything upstream must end then. */
  signal: AbortSignal;
  /** Epoch milliseconds by which the answer must be complete. */
  deadline: number;
  /** Work that outlasts the answer, and without whose end the process must not be frozen or ended. */
  waitUntil(work: Promise<unknown>): void;
  record: RequestRecord;
  credentials?: CallerCredentials;
  /**
   * Seals what the client carries from one call to the next. Derived from the caller's own key: whoever calls
   * with the same key can open it, on any instance and after any deployment, and nothing has to be stored.
   */
  stateKey: () => StateKey;
  /** Region the caller's own credentials are for. */
  region?: string;
  /** Model names to try after the first, as the request gave them. */
  fallbacks?: string[];
  /** What `permit` found: the models to try. */
  plan?: Plan;
  /** The calls to Bedrock that the request has left; the engine begins them with its first. */
  calls?: CallBudget;
  /** Nothing but AWS credentials of their own, which only AWS can check, says who calls. */
  keyless?: true;
  /** Called when the engine begins to wait for a model that is being loaded: a stream may begin meanwhile. */
  onWait?: () => void;
}

/** How an answer came about: becomes `model` in the answer and the x-gateway-* headers. */
export interface Outcome {
  /** The name told to the client: as asked, or who answered when that was another model. */
  model: string;
  /** What Bedrock was called with. */
  modelId: string;
  attempts: Attempt[];
  warnings: readonly (string | Note)[];
  /** Names of parameters that had no effect on this model. */
  ignored: readonly Note[];
  requestId: string | undefined;
}

/** Runs one canonical request: resolve → fit → policy → backend. */
export interface Engine {
  /**
   * Resolves the model and, for a key with a scope, the fallbacks. To be called before any work is done for the
   * request; rejects with a 403 for a model outside the key's scope and a 404 for one that does not exist.
   */
  permit(model: string, context: CallContext): Promise<void>;
  answer(request: CanonicalRequest, context: CallContext): Promise<Outcome & { answer: ConverseAnswer }>;
  /** Resolves after the first event from Bedrock, so a refusal is still a real HTTP status. */
  stream(request: CanonicalRequest, context: CallContext): Promise<Outcome & { events: EventBatches }>;
}
