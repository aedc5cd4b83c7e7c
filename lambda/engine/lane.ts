import type { NativeApi, NativeRequest } from '../canonical/native.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { badRequest } from '../errors.ts';
import { fitFor } from '../fit/index.ts';
import type { AnyFitted, Fit, NativeFitted } from '../fit/types.ts';
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
  const own =
    native && isAllowed(native.api, rules) && speaks(target, native.api)
      ? prepareNative(native, target, rules)
      : undefined;
  if (lane === 'native' && !own) throw notSpoken(target);
  return {
    async fit(capabilities) {
      // That a model does not speak it may have been learned since.
      if (own && lane === 'native' && !capabilities[own.api]) throw notSpoken(target);
      if (own && lane !== 'converse' && capabilities[own.api]) {
        const { fit, needsConverse } = await nativeFits[own.api]();
        if (lane === 'native' || !needsConverse(own, capabilities))
          return fit(own, capabilities, target.asked);
      }
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
    texts: () => (native ? nativeTexts(native, target.asked) : clientTexts(request.canonical())),
  };
}

/** How a body of each API is made acceptable to a model. */
interface NativeFit {
  /** Whether a request asks for something that only Converse and what the gateway makes of it can carry. */
  needsConverse(request: NativeRequest, capabilities: Capabilities): boolean;
  /** Pure. Throws GatewayError (400) for what would change the answer and cannot be honoured. */
  fit(request: NativeRequest, capabilities: Capabilities, model: string): NativeFitted;
}

const nativeFits: Readonly<Record<NativeApi, () => Promise<NativeFit>>> = {
  async messages() {
    const { fitMessages, needsConverse } = await import('../fit/messages/index.ts');
    return { fit: fitMessages, needsConverse };
  },
  async responses() {
    const { fitResponses, needsConverse } = await import('../fit/responses/index.ts');
    return { fit: fitResponses, needsConverse };
  },
};

const isAllowed = (api: NativeApi, rules: Rules): boolean => api !== 'responses' || rules.nativeOpenAi;

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

const notSpoken = ({ asked }: Target) =>
  badRequest(
    `The model \`${asked}\` does not speak this API itself. Leave the header \`x-gateway-path\` out, or send it as \`converse\`.`,
  );
