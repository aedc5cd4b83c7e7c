import { isObject, parseExactly, parseJson } from '../../canonical/json.ts';
import type { NativeAnswer } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Answered } from '../call.ts';
import { exceptionName } from '../errors/exception-name.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { hasIntervened, intervened, KnownUsage, stopReasonOf, withoutBedrocks } from './usage.ts';

/** A whole message. Throws GatewayError for what is none. */
export function readAnswer(text: string, { requestId }: Answered): NativeAnswer {
  const message: unknown = parseJson(text, parseExactly)?.value;
  if (!isObject(message) || !Array.isArray(message.content)) {
    const type = isObject(message) && isObject(message.Output) ? message.Output.__type : undefined;
    throw notAnAnswer(requestId, { ...(typeof type === 'string' && { name: exceptionName(type) }) });
  }
  return answerOf(message as JsonObject);
}

/** A whole message that has been read. */
export function answerOf(message: JsonObject): NativeAnswer {
  const known = new KnownUsage();
  known.add(message.usage);
  const blocked = hasIntervened(message);
  const tier = isObject(message.usage) ? message.usage.service_tier : undefined;
  return {
    body: { ...withoutBedrocks(message), ...(blocked && intervened) },
    stopReason: blocked ? 'guardrail_intervened' : stopReasonOf(message.stop_reason),
    usage: known.usage,
    ...(typeof tier === 'string' && { serviceTier: { type: tier } }),
  };
}
