import type { BedrockClients } from '../../bedrock/clients.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { NativeBackend, NativeCall } from '../backend.ts';
import { failureOf, readText, type Sent } from '../call.ts';
import { sendBody } from '../openai/send-body.ts';
import { batches } from '../stream/batches.ts';
import { demandStream } from '../stream/demand-stream.ts';
import { type StreamLimits, stallOf } from '../stream/limits.ts';
import { readCompletion } from './answer.ts';
import { ChunkDecoder } from './events.ts';
import { estimatedUsage, stopReasonOf, tierOf, usageOf } from './outcome.ts';

const path = 'openai/v1/chat/completions';

/**
 * Models in OpenAI's Chat Completions: the body goes out as it is, and answers and chunks come back as they are, but that
 * what gpt-oss thought has a member of its own, as other models' thoughts have.
 */
export function createChatBackend(clients: BedrockClients, options: StreamLimits = {}): NativeBackend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const sent = sentOf(call);
      const answered = await sendBody(clients, sent, path, call.native.body, false);
      const text = await readText(answered.body, sent);
      try {
        const body = readCompletion(text, answered, isTagged(call));
        const usage = usageOf(body) ?? estimatedUsage(call.native.body, body);
        const answer = { body, stopReason: stopReasonOf(body), usage, ...tierOf(body) };
        return { answer, requestId: answered.requestId };
      } catch (error) {
        throw await failureOf(error, sent);
      }
    },
    async stream(call) {
      const sent = sentOf(call);
      // What was used is to be known whether the client asks for it or not.
      const asked: JsonObject = { ...call.native.body, stream_options: { include_usage: true } };
      const answered = await sendBody(clients, sent, path, asked, true);
      const { body, requestId } = answered;
      demandStream(answered);
      const decoder = new ChunkDecoder(requestId, isTagged(call));
      const toError = (error: unknown) => failureOf(error, sent);
      return { events: batches(body, decoder, { stallMs, toError }), requestId };
    },
  };
}

const isTagged = ({ target }: NativeCall): boolean => target.capabilities.chat === 'gpt-oss';

/** Whom to call, and what errors are judged by. Throws for a request that is not to go unguarded. */
function sentOf({ native, ...call }: NativeCall): Sent {
  const { guardrailConfig, serviceTier } = native.settings;
  if (guardrailConfig) throw new Error('unreachable: what a guardrail is to see goes by Converse');
  return {
    ...call,
    request: {
      ...(serviceTier && { serviceTier }),
      // Where the client's own words stand in a Converse request too.
      additionalModelRequestFields: native.body,
    },
  };
}
