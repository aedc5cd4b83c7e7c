import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { fitFor } from '../fit/index.ts';
import type { AnyFitted, Fit } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { speaks } from '../models/native-apis.ts';
import type { Target } from '../models/target.ts';
import { once } from '../once.ts';
import { prepare, type Rules } from './prepare.ts';
import type { ModelRequest } from './types.ts';

/** A request on its way to one target, to be fitted as often as something new is found out about the model. */
export interface Fitting {
  /** Throws GatewayError (400) for what would change the answer and cannot be honoured. */
  fit(capabilities: Capabilities): Promise<AnyFitted>;
}

/**
 * Fits a request in the lane that carries it best: in the client's own API where the model speaks it and nothing of
 * the request needs more, else in the canonical shape, which is made of the client's request then and not before.
 */
export function fittingFor(request: ModelRequest, target: Target, rules: Rules): Fitting {
  const { lane, native } = request;
  const canonical = once(() => canonicalFit(request.canonical(), target, rules));
  const own = once(async () => {
    const { nativeLane } = await import('./native-lane.ts');
    return nativeLane(request, target, rules);
  });
  return {
    async fit(capabilities) {
      const fitted = native || lane === 'native' ? await (await own()).fit(capabilities) : undefined;
      if (fitted) return fitted;
      const { prepared, fit } = await canonical();
      if (
        lane !== 'converse' &&
        rules.nativeOpenAi &&
        speaks(target, 'responses') &&
        capabilities.responses
      ) {
        const { belongsToResponses, fitToResponses } = await import('../fit/responses/translated.ts');
        if (belongsToResponses(prepared, capabilities)) return fitToResponses(fit, prepared, capabilities);
      }
      return fit(prepared, capabilities);
    },
  };
}

async function canonicalFit(
  request: CanonicalRequest,
  target: Target,
  rules: Rules,
): Promise<{ prepared: CanonicalRequest; fit: Fit }> {
  const prepared = prepare(request, target, rules);
  return { prepared, fit: await fitFor(prepared, target.capabilities) };
}

export const rulesOf = (
  config: Pick<Config, 'guardrail' | 'promptCaching' | 'nativeOpenAi'>,
  principal: Rules['principal'],
): Rules => {
  const { guardrail, promptCaching, nativeOpenAi } = config;
  return { principal, guardrail, promptCaching, nativeOpenAi };
};
