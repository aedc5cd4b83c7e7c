import type { BedrockClients } from '../../bedrock/clients.ts';
import { fold } from '../../canonical/fold.ts';
import type { ConverseEvent, Json, JsonObject } from '../../canonical/types.ts';
import { append } from '../../streams/append.ts';
import type { Backend, BackendCall } from '../backend.ts';
import { type Answered, failureOf, readText } from '../call.ts';
import { endedEarly, notAnAnswer } from '../errors/incomplete.ts';
import { type BatchDecoder, batches } from '../stream/batches.ts';
import { eventDecoder, type ReadEvent } from '../stream/events.ts';
import { type StreamLimits, stallOf } from '../stream/limits.ts';
import { AnswerReader } from './answer-reader.ts';
import { requestText } from './block-text.ts';
import { findFormat } from './formats.ts';
import { invokeModel, invokeModelWithResponseStream } from './invoke-model.ts';
import { templates } from './templates/templates.ts';

/**
 * Imported models that Converse does not serve: the canonical request becomes a body of the target's format,
 * the answer comes back as if Converse had given it.
 */
export function createInvokeBackend(clients: BedrockClients, options: StreamLimits = {}): Backend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const answered = await invokeModel(clients, call, bodyOf(call), call.request);
      const text = await readText(answered.body, call);
      const reader = readerFor(call, answered);
      const events = [...reader.push(parse(text, answered)), ...reader.end()];
      if (reader.foreign) throw notAnAnswer(answered.requestId);
      return { answer: fold(events), requestId: answered.requestId };
    },
    async stream(call) {
      const answered = await invokeModelWithResponseStream(clients, call, bodyOf(call), call.request);
      const { body, requestId } = answered;
      const reader = readerFor(call, answered);
      const chunks = eventDecoder(readChunk, requestId);
      const toError = (error: unknown) => failureOf(error, call);
      const events = batches(body, new InvokeDecoder(chunks, reader, answered), { stallMs, toError });
      return { events: append(events, () => rest(reader)), requestId };
    },
  };
}

function bodyOf({ target, request }: BackendCall): JsonObject {
  const named = findFormat(target.format ?? 'openai-chat');
  if (named) return named.format.toBody(request, named.template);
  throw new Error(`no such format: ${target.format}`);
}

function readerFor({ target, request }: BackendCall, { headers }: Answered): AnswerReader {
  const template = findFormat(target.format ?? '')?.template;
  const fromPrompt = template !== undefined && template !== templates.raw;
  return new AnswerReader({
    headers,
    prompt: () => requestText(request),
    // White space is part of the text where the model goes on with one: the assistant's own, or a raw prompt.
    trimStart: fromPrompt && request.messages.at(-1)?.role !== 'assistant',
  });
}

/** A chunk's `bytes` are the model's own JSON in base64; `p` beside them is padding. */
const readChunk: ReadEvent<Json> = (type, frame, start, end) => {
  if (type !== 'chunk') return undefined;
  const { bytes } = JSON.parse(frame.toString('utf8', start, end)) as { bytes?: string };
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes, 'base64').toString()) as Json);
};

/** Chunks into events. A stream is complete when the model has said why it stopped or Bedrock has counted. */
class InvokeDecoder implements BatchDecoder<ConverseEvent> {
  readonly #chunks: BatchDecoder<Json>;
  readonly #reader: AnswerReader;
  readonly #requestId: string | undefined;

  constructor(chunks: BatchDecoder<Json>, reader: AnswerReader, { requestId }: Answered) {
    this.#chunks = chunks;
    this.#reader = reader;
    this.#requestId = requestId;
  }

  get complete(): boolean {
    return this.#reader.complete;
  }

  push(bytes: Buffer, events: ConverseEvent[]): void {
    const items: Json[] = [];
    try {
      this.#chunks.push(bytes, items);
    } finally {
      for (const item of items) events.push(...this.#reader.push(item));
    }
  }

  end(): void {
    if (this.complete) return;
    this.#chunks.end();
    throw endedEarly(this.#requestId);
  }
}

/** What can be emitted only when nothing more comes: an unspoken stop, and counts that are an estimate. */
function rest(reader: AnswerReader): ConverseEvent[] | undefined {
  const events = reader.end();
  return events.length > 0 ? events : undefined;
}

function parse(text: string, answered: Answered): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw notAnAnswer(answered.requestId);
  }
}
