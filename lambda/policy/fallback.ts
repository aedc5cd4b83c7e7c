import type { GatewayError, Reason } from '../errors.ts';
import type { Cooldown } from './cooldown.ts';
import { isRegional } from './regions.ts';

/** One model in one region. Steps of the same model in several regions stand one after the other. */
export interface Step {
  model: string;
  region: string;
  /** What the results of steps call the model, where its name is not the client's to know. */
  label?: string;
  /** Tokens, where known. */
  contextTokens?: number;
}

export interface FallbackRules {
  /** Leave a step whose context window the conversation is too long for. */
  onContextOverflow: boolean;
}

/** What the model or its region is at fault for. Everything else another model would refuse as well, or is final. */
const leaving: ReadonlySet<Reason> = new Set<Reason>([
  'model_not_found',
  'unsupported',
  'access_denied',
  'end_of_life',
  'throttled',
  'quota_exceeded',
  'overloaded',
  'timeout',
  'model_error',
  'not_ready',
  'connection',
]);

/** The steps of `queue` that may follow one that failed so. */
export function stepsAfter<S extends Step>(
  { reason, mayHaveRun }: GatewayError,
  failed: S,
  queue: S[],
  rules: FallbackRules,
): S[] {
  // In another region it would be the same request to the same model.
  if (isRegional(reason) && !mayHaveRun) return queue;
  if (leaving.has(reason)) return otherModels(queue, failed);
  if (reason !== 'context_overflow' || !rules.onContextOverflow) return [];
  const window = failed.contextTokens ?? 0;
  return otherModels(queue, failed).filter((step) => (step.contextTokens ?? Infinity) > window);
}

/** The steps with another model than the one of `step`. */
export function otherModels<S extends Step>(queue: readonly S[], { model }: S): S[] {
  return queue.filter((step) => step.model !== model);
}

/** The steps to pass over: those that have just failed hard, unless all have. */
export function coolingSteps<S extends Step>(
  steps: readonly S[],
  cooldown: Cooldown | undefined,
): ReadonlySet<S> {
  const cooling = new Set(steps.filter(({ model, region }) => cooldown?.isCooling(model, region)));
  return cooling.size === steps.length ? new Set() : cooling;
}
