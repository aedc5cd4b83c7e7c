import { GatewayError } from '../errors.ts';
import { deadlineError } from '../policy/deadline.ts';
import { mostUseful } from '../policy/most-useful-error.ts';
import type { Stop } from './budget.ts';

/** A call that was not made, or was given up, because something ran out. */
export class Stopped extends Error {
  override name = 'Stopped';
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(`stopped: ${stop}`);
    this.stop = stop;
  }
}

/** Nobody waits any longer, or it is a fault of our own: nothing goes on after it. */
export const isFinal = (error: unknown): boolean =>
  !(error instanceof Stopped) && (!(error instanceof GatewayError) || error.reason === 'aborted');

/** The one error to show of several: one of Bedrock's before one of the budget. */
export function worstOf(errors: readonly unknown[]): unknown {
  const final = errors.find(isFinal);
  if (final !== undefined) return final;
  const failures = errors.filter((error) => error instanceof GatewayError);
  return failures.length > 0 ? mostUseful(failures, []) : errors[0];
}

/** What a client gets where nothing at all is there. */
export function shown(error: unknown): unknown {
  if (!(error instanceof Stopped)) return error;
  if (error.stop === 'time') return deadlineError();
  return new GatewayError({
    status: 429,
    reason: 'quota_exceeded',
    code: 'optimisation_budget_exhausted',
    message: `The ${error.stop === 'calls' ? 'calls' : 'tokens'} that the optimisation technique may use were used up before there was an answer. Allow more, or ask for a smaller technique.`,
  });
}
