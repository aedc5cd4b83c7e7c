import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { badRequest } from '../errors.ts';
import { fitFor } from '../fit/index.ts';
import type { AnyFitted, Fit } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { speaks } from '../models/native-apis.ts';
import type { Target } from '../models/target.ts';
import { once } from '../once.ts';
import { clientTexts, nativeTexts } from './client-words.ts';
import { prepare, prepareNative, type Rules } from './prepare.ts';
import type { ModelRequest } from './types.ts';

/** A request on its way to one target, to be fitted as often as something new is found out about the model. */
export interface Fitting {
  /** Throws GatewayError (400) for what would change the answer and cannot be honoured. */
  fit(capabilities: Capabilities): Promise<AnyFitted>;
  /** Every text that its client chose. */
  texts(): string[];
}

/**
 * Fits a request in the lane that carries it best: in the client's own API where the model speaks it and nothing of
 * the request needs more, else in the canonical shape, which is made of the client's request then and not before.
 */
export function fittingFor(request: ModelRequest, target: Target, rules: Rules): Fitting {
  const { lane, native } = request;
  const canonical = once(() => canonicalFit(request.canonical(), target, rules));
  const own = native && speaks(target, native.api) ? prepareNative(native, target, rules) : undefined;
  if (lane === 'native' && !own) throw notSpoken(target);
  return {
    async fit(capabilities) {
      if (own && lane !== 'converse') {
        const { fitMessages, needsConverse } = await import('../fit/messages/index.ts');
        if (lane === 'native' || !needsConverse(own, capabilities))
          return fitMessages(own, capabilities, target.asked);
      }
      const { prepared, fit } = await canonical();
      return fit(prepared, capabilities);
    },
    texts: () => (native ? nativeTexts(native, target.asked) : clientTexts(request.canonical())),
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
  config: Pick<Config, 'guardrail' | 'promptCaching'>,
  principal: Rules['principal'],
): Rules => ({ principal, guardrail: config.guardrail, promptCaching: config.promptCaching });

const notSpoken = ({ asked }: Target) =>
  badRequest(
    `The model \`${asked}\` does not speak this API itself. Leave the header \`x-gateway-path\` out, or send it as \`converse\`.`,
  );
