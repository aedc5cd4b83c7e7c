import type { StepResult } from '../accounting/trace.ts';
import { type GatewayError, toGatewayError } from '../errors.ts';
import { note } from '../fields.ts';

/**
 * The error to show of those that the steps of a chain ended with: one that waiting can cure over one of the
 * service, and that over one of the request; of equals the first, which is that of the model asked for.
 * Where there was more than one step, the message names them.
 */
export function mostUseful(errors: readonly GatewayError[], steps: readonly StepResult[]): GatewayError {
  const best = errors.reduce<GatewayError | undefined>(
    (found, error) => (found === undefined || rank(error) > rank(found) ? error : found),
    undefined,
  );
  if (!best) return toGatewayError(new Error('no step to try'));
  if (steps.length < 2) return best;
  const story = steps.map(({ model, region, result }) => `${model} in ${region}: ${result}`).join('; ');
  return best.restated({ cause: best, message: note`${best.text} (Tried ${story}.)` });
}

function rank({ status, reason }: GatewayError): number {
  // It says why the others were the last ones, and nothing of what is wrong.
  if (reason === 'calls_used_up') return -1;
  if (status === 429) return 2;
  return status >= 500 ? 1 : 0;
}
