import type { NativeApi, NativeRequest } from '../canonical/native.ts';
import type { InferenceConfig, JsonObject } from '../canonical/types.ts';
import { badRequest } from '../errors.ts';
import type { NativeFitted } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { speaks } from '../models/native-apis.ts';
import type { Target } from '../models/target.ts';
import { once } from '../once.ts';
import { mergeMetadata, type Rules } from './prepare.ts';
import type { ModelRequest } from './types.ts';

/** A request on its way to one target in the client's own API. */
export interface NativeLane {
  /**
   * Undefined where the canonical shape carries the request better, or the model is not to be asked so. Throws
   * GatewayError (400) for what would change the answer and cannot be honoured, and where the client wants no other lane.
   */
  fit(capabilities: Capabilities): Promise<NativeFitted | undefined>;
}

export function nativeLane({ native, lane }: ModelRequest, target: Target, rules: Rules): NativeLane {
  const isSpoken = native && isAllowed(native.api, rules) && speaks(target, native.api);
  const prepared = once(async () => {
    const made = native && 'made' in native ? await native.made() : native;
    return made && prepareNative(made, target, rules);
  });
  return {
    async fit(capabilities) {
      // That a model does not speak it may have been learned since.
      const own = isSpoken && lane !== 'converse' && capabilities[native.api] ? await prepared() : undefined;
      if (!own) {
        if (lane === 'native') throw notSpoken(target);
        return undefined;
      }
      const { fit, needsConverse } = await nativeFits[own.api]();
      if (lane !== 'native' && needsConverse(own, capabilities)) return undefined;
      return fit(own, capabilities, target.asked);
    },
  };
}

/** How a body of each API is made acceptable to a model. */
interface NativeFit {
  /** Whether a request asks for something that only Converse and what the gateway makes of it can carry. */
  needsConverse(request: NativeRequest, capabilities: Capabilities): boolean;
  /** Pure. Throws GatewayError (400) for what would change the answer and cannot be honoured. */
  fit(
    request: NativeRequest,
    capabilities: Capabilities,
    model: string,
  ): NativeFitted | Promise<NativeFitted>;
}

const nativeFits: Readonly<Record<NativeApi, () => Promise<NativeFit>>> = {
  messages: once(async () => {
    const { fitPlain, isPlain, needsConverse } = await import('../fit/messages/fit.ts');
    const loadAll = once(() => import('../fit/messages/index.ts'));
    const fit: NativeFit['fit'] = async (request, capabilities, model) =>
      isPlain(request.body)
        ? fitPlain(request, capabilities, model)
        : (await loadAll()).fitMessages(request, capabilities, model);
    return { fit, needsConverse };
  }),
  responses: once(async () => {
    const { fitResponses, needsConverse } = await import('../fit/responses/index.ts');
    return { fit: fitResponses, needsConverse };
  }),
  chat: once(async () => {
    const { fitChat, needsConverse } = await import('../fit/chat/index.ts');
    return { fit: fitChat, needsConverse };
  }),
};

/** Whether the operator allows it. */
const isAllowed = (api: NativeApi, rules: Rules): boolean => api === 'messages' || rules.nativeOpenAi;

/** The defaults of an alias by the names that each API has for them. */
const defaultsIn: Readonly<Record<NativeApi, (defaults: InferenceConfig) => JsonObject>> = {
  messages: ({ maxTokens, temperature, topP, stopSequences }) => ({
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stopSequences && { stop_sequences: stopSequences }),
  }),
  /** It has no stop sequences: those are a reason to go by Converse. */
  responses: ({ maxTokens, temperature, topP }) => ({
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
  }),
  chat: ({ maxTokens, temperature, topP, stopSequences }) => ({
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stopSequences && { stop: stopSequences }),
  }),
};

/** `prepare` for a client's own body. */
export function prepareNative(request: NativeRequest, target: Target, rules: Rules): NativeRequest {
  const { body, settings } = request;
  const { inferenceConfig = {}, ...defaults } = target.defaults ?? {};
  const guardrail = rules.principal.guardrail ?? rules.guardrail ?? settings.guardrailConfig;
  const metadata = mergeMetadata(settings.requestMetadata, rules.principal.metadata);
  // What a client sets to null it does not say.
  const unsaid = Object.fromEntries(
    Object.entries(defaultsIn[request.api](inferenceConfig)).filter(([name]) => body[name] == null),
  );
  const { stopSequences } = inferenceConfig;
  return {
    ...request,
    body: { ...body, ...unsaid },
    betas: [...new Set([...request.betas, ...(target.betas ?? [])])],
    settings: {
      ...defaults,
      ...settings,
      ...(guardrail && { guardrailConfig: guardrail }),
      ...(metadata && { requestMetadata: metadata }),
      ...(request.api === 'responses' && stopSequences?.length && { stopSequences }),
    },
    cacheMode: rules.promptCaching === 'auto' ? 'auto' : undefined,
  };
}

const notSpoken = ({ asked }: Target) =>
  badRequest(
    `The model \`${asked}\` does not speak this API itself. Leave the header \`x-gateway-path\` out, or send it as \`converse\`.`,
  );
