import { isObject, parseJson } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Answered } from '../call.ts';
import { exceptionName } from '../errors/exception-name.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { failureIn } from './outcome.ts';

/** A whole response. Throws GatewayError for what is none, and FailedFrame for one that failed. */
export function readResponse(text: string, { requestId }: Answered): JsonObject {
  const response = parseJson(text)?.value;
  if (!isObject(response)) throw notAnAnswer(requestId);
  if (isObject(response.error)) throw failureIn(response.error, requestId);
  if (!Array.isArray(response.output)) throw noResponse(response, requestId);
  if (response.status === 'failed' || response.status === 'cancelled') throw failureIn({}, requestId);
  return response as JsonObject;
}

/** Status 200 from a path that is not there: `{"Output": {"__type": "…#UnknownOperationException"}}`. */
export function noResponse(said: Readonly<Record<string, unknown>>, requestId: string | undefined) {
  const type = isObject(said.Output) ? said.Output.__type : said.__type;
  return notAnAnswer(requestId, { ...(typeof type === 'string' && { name: exceptionName(type) }) });
}
