import type { BedrockClients } from '../../bedrock/clients.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { NativeBackend, NativeCall } from '../backend.ts';
import { failureOf, readText, type Sent } from '../call.ts';
import { endedEarly } from '../errors/incomplete.ts';
import { invokeModel, invokeModelWithResponseStream } from '../invoke/invoke-model.ts';
import { type BatchDecoder, batches } from '../stream/batches.ts';
import { demandStream } from '../stream/demand-stream.ts';
import { eventsDecoder } from '../stream/events.ts';
import { type StreamLimits, stallOf } from '../stream/limits.ts';
import { readAnswer } from './answer.ts';
import { MessageEvents } from './events.ts';

/**
 * Claude in its own API, by InvokeModel: the body goes out as it is, and answers and events come back as they are,
 * without what is Bedrock's own in them
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html).
 */
export function createMessagesBackend(clients: BedrockClients, options: StreamLimits = {}): NativeBackend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const { body, settings } = call.native;
      const answered = await invokeModel(clients, sentOf(call), body, settings);
      const text = await readText(answered.body, sentOf(call));
      return { answer: readAnswer(text, answered), requestId: answered.requestId };
    },
    async stream(call) {
      const sent = sentOf(call);
      const { body, settings } = call.native;
      const answered = await invokeModelWithResponseStream(clients, sent, body, settings);
      const { body: stream, requestId } = answered;
      demandStream(answered);
      const decoder = new MessagesDecoder(answered.requestId, settings.guardrailConfig !== undefined);
      const toError = (error: unknown) => failureOf(error, sent);
      return { events: batches(stream, decoder, { stallMs, toError }), requestId };
    },
  };
}

/** Whom to call, and what errors are judged by. */
function sentOf({ native, ...call }: NativeCall): Sent {
  const { serviceTier, performanceConfig } = native.settings;
  return {
    ...call,
    request: {
      ...(serviceTier && { serviceTier }),
      ...(performanceConfig && { performanceConfig }),
      // Where the client's own words stand in a Converse request too.
      additionalModelRequestFields: native.body as JsonObject,
    },
  };
}

/** A stream is complete with `message_stop`. */
class MessagesDecoder implements BatchDecoder<NativeEvent> {
  readonly #events: MessageEvents;
  readonly #frames: BatchDecoder<NativeEvent>;
  readonly #requestId: string | undefined;

  constructor(requestId: string | undefined, guarded: boolean) {
    this.#requestId = requestId;
    this.#events = new MessageEvents(guarded);
    this.#frames = eventsDecoder(
      (type, bytes, start, end, events) => this.#events.read(type, bytes, start, end, events),
      requestId,
    );
  }

  get complete(): boolean {
    return this.#events.complete;
  }

  push(chunk: Buffer, events: NativeEvent[]): void {
    this.#frames.push(chunk, events);
  }

  end(): void {
    if (this.complete) return;
    this.#frames.end();
    throw endedEarly(this.#requestId);
  }
}
