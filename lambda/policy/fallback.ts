import { type ApiError, type Reason, toApiError } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import type { Cooldown } from './cooldown.ts';
import { mostUseful } from './most-useful-error.ts';
import { isRegional } from './regions.ts';

/** One model in one region. Steps of the same model in several regions stand one after the other. */
export interface Step {
  model: string;
  region: string;
  /** What attempts call the model, where its name is not the client's to know. */
  label?: string;
  /** Tokens, where known. */
  contextTokens?: number;
}

export interface FallbackOptions<T> {
  /** Leave a step whose context window the conversation is too long for. */
  onContextOverflow: boolean;
  /** Leave a step whose answer was filtered; needs `isFiltered`. Not for streams: the one left would go on. */
  onContentFilter: boolean;
  isFiltered?: (value: T) => boolean;
  /** Absent: nothing is remembered or skipped. */
  cooldown?: Cooldown;
  /** Filled in as it goes, so that it tells the story of a failure too. */
  attempts: Attempt[];
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

/**
 * Tries the steps in order until one succeeds. `attempt` must not have sent anything to the client when it
 * throws. When all fail, the most useful error is thrown; its message names the steps. `attempt` is told
 * which step would follow, so that it need not be patient with this one.
 */
export async function withFallback<S extends Step, T>(
  steps: readonly S[],
  attempt: (step: S, next: S | undefined) => Promise<T>,
  options: FallbackOptions<T>,
): Promise<T> {
  const { attempts, cooldown } = options;
  const errors: ApiError[] = [];
  let filtered: { value: T } | undefined;
  const cooling = coolingSteps(steps, cooldown);
  let queue = [...steps];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const { model, region, label = model } = step;
    if (cooling.has(step)) {
      attempts.push({ model: label, region, result: 'cooling_down' });
      continue;
    }
    const next = queue.find((each) => !cooling.has(each));
    try {
      const value = await attempt(step, next);
      cooldown?.succeeded(model, region);
      const isFiltered = options.onContentFilter && options.isFiltered?.(value) === true;
      attempts.push({ model: label, region, result: isFiltered ? 'content_filter' : 'ok' });
      if (!isFiltered) return value;
      filtered ??= { value };
      queue = otherModels(queue, step);
    } catch (thrown) {
      const error = toApiError(thrown);
      attempts.push({ model: label, region, result: error.reason });
      cooldown?.failed(model, region, error);
      if (error.reason === 'deadline' || error.reason === 'aborted') throw error;
      errors.push(error);
      queue = after(error, step, queue, options);
    }
  }
  // A filtered answer is an answer: better than the error of a step after it.
  if (filtered) return filtered.value;
  throw mostUseful(errors, attempts);
}

/** What may follow a step that failed so. */
function after<S extends Step, T>(
  { reason, mayHaveRun }: ApiError,
  failed: S,
  queue: S[],
  options: FallbackOptions<T>,
): S[] {
  // In another region it would be the same request to the same model.
  if (isRegional(reason) && !mayHaveRun) return queue;
  if (leaving.has(reason)) return otherModels(queue, failed);
  if (reason !== 'context_overflow' || !options.onContextOverflow) return [];
  const window = failed.contextTokens ?? 0;
  return otherModels(queue, failed).filter((step) => (step.contextTokens ?? Infinity) > window);
}

function otherModels<S extends Step>(queue: readonly S[], { model }: S): S[] {
  return queue.filter((step) => step.model !== model);
}

/** The steps to pass over: those that have just failed hard, unless all have. */
function coolingSteps<S extends Step>(steps: readonly S[], cooldown: Cooldown | undefined): ReadonlySet<S> {
  const cooling = new Set(steps.filter(({ model, region }) => cooldown?.isCooling(model, region)));
  return cooling.size === steps.length ? new Set() : cooling;
}
