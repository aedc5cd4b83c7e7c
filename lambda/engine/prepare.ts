import type { Principal } from '../auth/principal.ts';
import { metadata } from '../aws/limits.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import { othersThan } from '../canonical/request-metadata.ts';
import type { ConverseRequest, GuardrailConfig } from '../canonical/types.ts';
import { badRequest } from '../errors.ts';
import { field, note } from '../fields.ts';
import { parseArn } from '../models/names/model-id.ts';
import type { Target } from '../models/target.ts';

export interface Rules {
  principal: Principal;
  /** The setting's guardrail, for keys that have none of their own. */
  guardrail: GuardrailConfig | undefined;
  promptCaching: 'off' | 'auto';
  /** Whether models may be asked in OpenAI's own APIs. */
  nativeOpenAi: boolean;
}

/**
 * A client's request with what others say about it: the defaults of an alias where the client is silent, and
 * what the key and the settings enforce. Returns a new request.
 */
export function prepare(request: CanonicalRequest, target: Target, rules: Rules): CanonicalRequest {
  const { converse, intent } = request;
  const { defaults, betas = [] } = target;
  const isEmpty = converse.messages.length === 0;
  if (isEmpty && !hasOwnMessages(target)) throw noMessages();
  const enforcedGuardrail = rules.principal.guardrail ?? rules.guardrail;
  const requestMetadata = mergeMetadata(converse.requestMetadata, rules.principal.metadata);
  const inferenceConfig = { ...defaults?.inferenceConfig, ...converse.inferenceConfig };
  const prepared: ConverseRequest = {
    ...defaults,
    ...converse,
    // Says to what follows that the target is a prompt; without entries it is not sent.
    ...(isEmpty && { promptVariables: converse.promptVariables ?? {} }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    ...(requestMetadata && { requestMetadata }),
  };
  return {
    ...request,
    // A fallback has a name of its own.
    model: target.asked,
    converse: prepared,
    intent: {
      ...intent,
      ...(enforcedGuardrail && { enforcedGuardrail }),
      ...(betas.length > 0 && { anthropicBeta: [...(intent.anthropicBeta ?? []), ...betas] }),
      ...(rules.promptCaching === 'auto' && { cacheMode: 'auto' as const }),
    },
  };
}

/** A managed prompt brings its messages along (Converse's API reference, `messages`). */
const hasOwnMessages = ({ id }: Target) => parseArn(id)?.resource === 'prompt';

const noMessages = () =>
  badRequest(
    note`Invalid value for '${field('messages')}': it must hold at least one message.`,
    field('messages'),
  );

/** The key's entries win over names that are like theirs when they are sent, and have their place even when the client fills all. */
export function mergeMetadata(
  client: Record<string, string> | undefined,
  enforced: Record<string, string> | undefined,
): Record<string, string> | undefined {
  if (!enforced) return client;
  const room = Math.max(0, metadata.entries - Object.keys(enforced).length);
  const own = othersThan(enforced, client);
  // More than Bedrock allows is the client's mistake, and is refused as such; only the key's own share is made room for.
  const kept = Object.keys(client ?? {}).length > metadata.entries ? own : own.slice(0, room);
  return { ...Object.fromEntries(kept), ...enforced };
}
