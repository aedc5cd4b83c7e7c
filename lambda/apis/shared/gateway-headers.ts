import type { Outcome } from '../../engine/types.ts';

/** Who answered and after which steps, with its notes in the client's words. */
export interface Answered extends Pick<Outcome, 'modelId' | 'steps'> {
  warnings: readonly string[];
  ignored: readonly string[];
}

/** Characters that may stand in a header value; a long list is cut rather than refused by a proxy. */
const headerValue = (items: readonly string[]) =>
  items
    .join('; ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 2000);

/**
 * The x-gateway-* headers: who answered, after which attempts, what was ignored and what was repaired. `read`:
 * what the API found when it read the request, before any model was asked.
 */
export function gatewayHeaders(
  answered: Partial<Answered>,
  read: { ignored?: readonly string[]; warnings?: readonly string[] } = {},
): Record<string, string> {
  const { modelId, steps = [] } = answered;
  const ignored = [...(read.ignored ?? []), ...(answered.ignored ?? [])];
  const warnings = [...(read.warnings ?? []), ...(answered.warnings ?? [])];
  return {
    ...(modelId && { 'x-gateway-model': headerValue([modelId]) }),
    ...(steps.length > 0 && {
      'x-gateway-attempts': headerValue(
        steps.map(({ model, region, result }) => `${model}@${region}=${result}`),
      ),
    }),
    ...(ignored.length > 0 && { 'x-gateway-ignored': headerValue([...new Set(ignored)]) }),
    ...(warnings.length > 0 && { 'x-gateway-warnings': headerValue([...new Set(warnings)]) }),
  };
}
