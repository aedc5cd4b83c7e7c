import { isObject, parseJson } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Answered } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { failureIn, noAnswer } from '../openai/failure.ts';

/** A whole response. Throws GatewayError for what is none, and FailedFrame for one that failed. */
export function readResponse(text: string, { requestId }: Answered): JsonObject {
  const response = parseJson(text)?.value;
  if (!isObject(response)) throw notAnAnswer(requestId);
  if (isObject(response.error)) throw failureIn(response.error, requestId);
  if (!Array.isArray(response.output)) throw noAnswer(response, requestId);
  if (response.status === 'failed' || response.status === 'cancelled') throw failureIn({}, requestId);
  return response as JsonObject;
}
