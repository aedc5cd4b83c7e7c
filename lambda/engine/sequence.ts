import type { StepResult } from '../accounting/trace.ts';
import type { CallBudget } from '../bounds.ts';
import { type GatewayError, toGatewayError } from '../errors.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import { coolingSteps, type FallbackRules, otherModels, type Step, stepsAfter } from '../policy/fallback.ts';
import { nothingSpent, type RetryOptions, waitBefore } from '../policy/retry.ts';

/**
 * The one sequence of everything that is asked of Bedrock: steps (a model in a region) one after the other, and within
 * a step calls until one is answered. What comes next is decided by plain functions in `policy/`; here is only the
 * order in which they are asked.
 */

export interface StepOptions<T> extends FallbackRules {
  /** Whether the answer was withheld by a content filter, which another model might not do; absent: never. */
  isFiltered?: ((value: T) => boolean) | undefined;
  /** Absent: nothing is remembered or passed over. */
  cooldown?: Cooldown | undefined;
  /** Filled in as it goes: it has the story of a failure too. */
  results: StepResult[];
}

/**
 * Tries the steps in order until one succeeds. `attempt` must not have sent anything to the client when it throws; it
 * gets the step that would follow, so that it need not be patient with its own. Steps that are cooling are passed over
 * as long as another takes the request. When all fail, the most useful error is thrown; its message names the steps.
 */
export async function runSteps<S extends Step, T>(
  steps: readonly S[],
  attempt: (step: S, next: S | undefined) => Promise<T>,
  options: StepOptions<T>,
): Promise<T> {
  const { results, cooldown } = options;
  const errors: GatewayError[] = [];
  let filtered: { value: T } | undefined;
  let cooling = coolingSteps(steps, cooldown);
  const passed: S[] = [];
  let queue = [...steps];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const { model, region, label = model } = step;
    const finish = (result: string) => results.push({ model: label, region, result });
    if (cooling.has(step)) {
      passed.push(step);
      finish('cooling_down');
      continue;
    }
    const next = queue.find((each) => !cooling.has(each));
    try {
      const value = await attempt(step, next);
      cooldown?.succeeded(model, region);
      const isFiltered = options.isFiltered?.(value) === true;
      finish(isFiltered ? 'content_filter' : 'ok');
      if (!isFiltered) return value;
      filtered ??= { value };
      queue = otherModels(queue, step);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      finish(error.reason);
      cooldown?.failed(model, region, error);
      if (error.reason === 'aborted') throw error;
      if (error.reason === 'deadline') {
        if (filtered) break;
        throw error;
      }
      errors.push(error);
      queue = stepsAfter(error, step, queue, options);
      // Those that have just failed may take the request that the others do not.
      if (errors.every(({ status }) => status < 429) && queue.every((each) => cooling.has(each))) {
        queue = [...otherModels(passed, step), ...queue];
        cooling = new Set();
      }
    }
  }
  // A filtered answer is an answer: better than the error of a step after it.
  if (filtered) return filtered.value;
  const { mostUseful } = await import('../policy/most-useful-error.ts');
  throw mostUseful(errors, results);
}

export interface CallOptions extends RetryOptions {
  /** The calls that the request has left: each one is taken from it. */
  calls: CallBudget;
  /** Changes what the next call sends, after a refusal; false where nothing about it can be changed. */
  repair?: (error: GatewayError) => Promise<boolean>;
  /** Called before the wait for a model that is being loaded. */
  onWait?: (() => void) | undefined;
}

/**
 * Makes calls until one is answered: after a refusal that can be repaired at once, after a failure that passes when its
 * time has come. `call` gets the number of earlier calls. Throws the last error when another call makes no sense.
 */
export async function callUntilAnswered<T>(
  call: (before: number) => Promise<T>,
  options: CallOptions,
): Promise<T> {
  const { calls, repair, clock, signal, onWait } = options;
  const spent = nothingSpent();
  for (let before = 0; ; before += 1) {
    try {
      calls.take();
      return await call(before);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (calls.isEmpty) throw error;
      if (options.maxAttempts > 1 && !error.mayHaveRun && (await repair?.(error))) continue;
      const waitMs = waitBefore(error, spent, options);
      if (waitMs === undefined) throw error;
      if (error.reason === 'not_ready') onWait?.();
      await clock.sleep(waitMs, signal);
    }
  }
}
