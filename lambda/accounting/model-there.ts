import type { UpstreamCall } from './trace.ts';

/** How only calls to a model that is there end. */
const telling: ReadonlySet<string> = new Set([
  'ok',
  'throttled',
  'overloaded',
  'timeout',
  'model_error',
  'not_ready',
]);

/**
 * Whether a call shows that there is such a model. Clients write names, and one that Bedrock has only ever refused, or
 * that nobody has waited for an answer of, may be made up: nothing is kept by it.
 */
export function isModelThere({ tokens, units, estimated, firstEventAt, result = '' }: UpstreamCall): boolean {
  const isEstimate = estimated === 'left' || estimated === 'failed';
  const isCounted = !isEstimate && (tokens !== undefined || units !== undefined);
  return isCounted || firstEventAt !== undefined || telling.has(result);
}
