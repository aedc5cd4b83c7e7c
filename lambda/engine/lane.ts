import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { fitFor } from '../fit/index.ts';
import type { AnyFitted, Fit } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import type { Target } from '../models/target.ts';
import { once } from '../once.ts';
import { prepare, type Rules } from './prepare.ts';
import type { ModelRequest } from './types.ts';

/** A request on its way to one target, to be fitted as often as something new is found out about the model. */
export interface Fitting {
  /** Throws GatewayError (400) for what would change the answer and cannot be honoured. */
  fit(capabilities: Capabilities): Promise<AnyFitted>;
}

/** In the canonical shape, with what others say about it; and what makes it acceptable to a model. */
export interface CanonicalFit {
  prepared: CanonicalRequest;
  fit: Fit;
}

/** Kept, because Node looks a file up with every import. */
const loadOtherLanes = once(() => import('./other-lanes.ts'));

/**
 * Fits a request in the lane that carries it best: in the client's own API where the model speaks it and nothing of
 * the request needs more, else in the canonical shape, which is made of the client's request then and not before.
 */
export function fittingFor(request: ModelRequest, target: Target, rules: Rules): Fitting {
  const { lane, native } = request;
  const canonical = once(() => canonicalFit(request.canonical(), target, rules));
  const others = once(async () => {
    const { otherLanes } = await loadOtherLanes();
    return otherLanes(request, target, rules, canonical);
  });
  return {
    async fit(capabilities) {
      if (lane === 'native' || capabilities.responses || (native && capabilities[native.api])) {
        const fitted = await (await others()).fit(capabilities);
        if (fitted) return fitted;
      }
      const { prepared, fit } = await canonical();
      return fit(prepared, capabilities);
    },
  };
}

async function canonicalFit(request: CanonicalRequest, target: Target, rules: Rules): Promise<CanonicalFit> {
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
