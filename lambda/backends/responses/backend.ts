import type { BedrockClients } from '../../bedrock/clients.ts';
import { isObject } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { NativeBackend, NativeCall } from '../backend.ts';
import { failureOf, readText, type Sent } from '../call.ts';
import { showable } from '../errors/showable.ts';
import { isWrittenIn } from '../errors/written.ts';
import { batches } from '../stream/batches.ts';
import { demandStream } from '../stream/demand-stream.ts';
import { type StreamLimits, stallOf } from '../stream/limits.ts';
import { inOneLine } from '../stream/one-line.ts';
import { readResponse } from './answer.ts';
import { createResponse } from './create-response.ts';
import { ResponseDecoder, type ResponseEvent } from './events.ts';
import { estimatedUsage, stopReasonOf, tierOf, usageOf } from './outcome.ts';

/** Models in OpenAI's Responses: the body goes out as it is, and answers and events come back as they are. */
export function createResponsesBackend(clients: BedrockClients, options: StreamLimits = {}): NativeBackend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const sent = sentOf(call);
      const answered = await createResponse(clients, sent, call.native.body, false);
      const text = await readText(answered.body, sent);
      try {
        const body = readResponse(text, answered);
        const usage = usageOf(body) ?? estimatedUsage(call.native.body, body);
        const answer = { body, stopReason: stopReasonOf(body), usage, ...tierOf(body) };
        return { answer, requestId: answered.requestId };
      } catch (error) {
        throw await failureOf(error, sent);
      }
    },
    async stream(call) {
      const sent = sentOf(call);
      const answered = await createResponse(clients, sent, call.native.body, true);
      const { body, requestId } = answered;
      demandStream(answered);
      const wrote = (piece: string) => isWrittenIn([call.target.asked, call.native.body], piece);
      const decoder = new ResponseDecoder(
        (event, json) => nativeEvent(event, shown(event, json, wrote)),
        requestId,
      );
      const toError = (error: unknown) => failureOf(error, sent);
      return { events: batches(body, decoder, { stallMs, toError }), requestId };
    },
  };
}

/** Whom to call, and what errors are judged by. Throws for a request that Responses would serve without its guardrail. */
function sentOf({ native, ...call }: NativeCall): Sent {
  const { guardrailConfig, serviceTier } = native.settings;
  if (guardrailConfig) throw new Error('unreachable: no guardrail acts on Responses');
  return {
    ...call,
    request: {
      ...(serviceTier && { serviceTier }),
      // Where the client's own words stand in a Converse request too.
      additionalModelRequestFields: native.body,
    },
  };
}

/** An event's JSON as a client may see it: why a response has failed is said to the owner of the account. */
function shown(
  { response, ...event }: ResponseEvent,
  json: string,
  wrote: (piece: string) => boolean,
): string {
  if (event.type !== 'response.failed' || !isObject(response) || !isObject(response.error)) return json;
  const { message } = response.error;
  const error = { ...response.error, message: typeof message === 'string' ? showable(message, wrote) : '' };
  return JSON.stringify({ ...event, response: { ...response, error } });
}

function nativeEvent(event: ResponseEvent, json: string): NativeEvent[] {
  const { type, delta, response } = event;
  const usage = isObject(response) ? usageOf(response) : undefined;
  return [
    {
      type,
      json: inOneLine(json),
      written: typeof delta === 'string' ? delta.length : 0,
      ...(usage && { usage }),
    },
  ];
}
