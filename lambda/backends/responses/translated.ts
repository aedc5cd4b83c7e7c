import type { BedrockClients } from '../../bedrock/clients.ts';
import { fold } from '../../canonical/fold.ts';
import type { ConverseEvent, JsonObject } from '../../canonical/types.ts';
import type { Backend, BackendCall } from '../backend.ts';
import { type Answered, failureOf, readText } from '../call.ts';
import { batches } from '../stream/batches.ts';
import { demandStream } from '../stream/demand-stream.ts';
import { type StreamLimits, stallOf } from '../stream/limits.ts';
import { readResponse } from './answer.ts';
import { responsesBody } from './body.ts';
import { ConverseEvents, eventsOf } from './converse-events.ts';
import { createResponse } from './create-response.ts';
import { ResponseDecoder } from './events.ts';
import { estimatedUsage, usageOf } from './outcome.ts';

/**
 * OpenAI's Responses for conversations of other APIs: GPT thinks between its calls of tools there, which its Chat
 * Completions refuse. Canonical requests go in, canonical answers and events come out.
 */
export const createTranslatedBackend = (clients: BedrockClients, options: StreamLimits = {}): Backend =>
  translatedBackend((call, body, stream) => createResponse(clients, call, body, stream), options);

/** Sends a body of Responses, wherever that is spoken. */
export type Create = (call: BackendCall, body: JsonObject, stream: boolean) => Promise<Answered>;

export function translatedBackend(create: Create, options: StreamLimits): Backend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const answered = await create(call, bodyOf(call), false);
      const text = await readText(answered.body, call);
      try {
        const response = readResponse(text, answered);
        const answer = fold(eventsOf(response));
        const usage = usageOf(response) ?? estimatedUsage(bodyOf(call), response);
        return { answer: { ...answer, usage }, requestId: answered.requestId };
      } catch (error) {
        throw await failureOf(error, call);
      }
    },
    async stream(call) {
      const answered = await create(call, bodyOf(call), true);
      demandStream(answered);
      const { body, requestId } = answered;
      const reading = new ConverseEvents();
      const decoder = new ResponseDecoder<ConverseEvent>((event) => reading.read(event), requestId);
      const toError = (error: unknown) => failureOf(error, call);
      return { events: batches(body, decoder, { stallMs, toError }), requestId };
    },
  };
}

/** Throws for a request that Responses would serve without its guardrail. */
function bodyOf({ request }: Parameters<Backend['send']>[0]) {
  if (request.guardrailConfig) throw new Error('unreachable: no guardrail acts on Responses');
  return responsesBody(request);
}
