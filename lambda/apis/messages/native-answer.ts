import { isObject } from '../../canonical/json.ts';
import type { NativeAnswer } from '../../canonical/native.ts';
import type { AnswerHead } from '../api.ts';

/** A message as the model wrote it, under the name of the model that its client knows. */
export function nativeMessage({ body }: NativeAnswer, { model }: Pick<AnswerHead, 'model'>): object {
  return asClientsRead(body, model);
}

/**
 * Older models count nothing of a cache and leave the counts out (recorded); clients' types have them, be it as null.
 * What a model says of itself stays as it is.
 */
export function asClientsRead(message: Readonly<Record<string, unknown>>, model: string): object {
  const { id, usage } = message;
  return {
    ...message,
    id: messageId(id),
    model,
    ...(isObject(usage) && { usage: { ...noCache, ...usage } }),
  };
}

/** What a guardrail has blocked has an id of the guardrail's (recorded); clients know a message by how its id begins. */
const messageId = (id: unknown) => (typeof id === 'string' && !id.startsWith('msg_') ? `msg_${id}` : id);

const noCache = { cache_creation_input_tokens: null, cache_read_input_tokens: null };
