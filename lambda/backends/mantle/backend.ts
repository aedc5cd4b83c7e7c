import type { MantleClient } from '../../bedrock/mantle-client.ts';
import { fold } from '../../canonical/fold.ts';
import { isObject, parseJson } from '../../canonical/json.ts';
import type { ConverseEvent, JsonObject } from '../../canonical/types.ts';
import { unsupported } from '../../errors.ts';
import { field, note, written } from '../../fields.ts';
import { append } from '../../streams/append.ts';
import type { Backend, BackendCall } from '../backend.ts';
import { failureOf, readText } from '../call.ts';
import { notAnAnswer } from '../errors/incomplete.ts';
import { AnswerReader } from '../invoke/answer-reader.ts';
import { requestText } from '../invoke/block-text.ts';
import { openAiChat } from '../invoke/openai-chat.ts';
import { failureIn, noAnswer } from '../openai/failure.ts';
import { translatedBackend } from '../responses/translated.ts';
import { batches } from '../stream/batches.ts';
import { demandStream } from '../stream/demand-stream.ts';
import { type StreamLimits, stallOf } from '../stream/limits.ts';
import { ChatEvents } from './events.ts';
import { apiOf, pathOf } from './paths.ts';
import { createSend, type Send } from './send.ts';

export interface MantleOptions extends StreamLimits {
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Models that only Bedrock's other endpoint serves, bedrock-mantle, in OpenAI's APIs: the canonical request
 * becomes a body of one of them, and the answer comes back as if Converse had given it. No guardrail acts there
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use.html): a request with one is refused.
 */
export function createMantleBackend(client: MantleClient, options: MantleOptions): Backend {
  const send = createSend(client, options.now);
  const chat = chatBackend(send, options);
  const responses = translatedBackend(
    (call, body, stream) => send(call, pathOf(call.target.id), { ...body, store: false }, stream),
    options,
  );
  const backendOf = (call: BackendCall) => {
    refuseUnfit(call);
    return apiOf(call.target.id) === 'responses' ? responses : chat;
  };
  return {
    send: async (call) => backendOf(call).send(call),
    stream: async (call) => backendOf(call).stream(call),
  };
}

function chatBackend(send: Send, options: StreamLimits): Backend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const answered = await send(call, pathOf(call.target.id), bodyOf(call), false);
      const said = parseJson(await readText(answered.body, call))?.value;
      try {
        if (!isObject(said)) throw notAnAnswer(answered.requestId);
        if (isObject(said.error)) throw failureIn(said.error, answered.requestId);
        if (!Array.isArray(said.choices)) throw noAnswer(said, answered.requestId);
        const reader = readerFor(call);
        const events = [...reader.push(said), ...reader.end()];
        return { answer: fold(events), requestId: answered.requestId };
      } catch (error) {
        throw await failureOf(error, call);
      }
    },
    async stream(call) {
      const body: JsonObject = { ...bodyOf(call), stream_options: { include_usage: true } };
      const answered = await send(call, pathOf(call.target.id), body, true);
      const { requestId } = answered;
      demandStream(answered);
      const reader = readerFor(call);
      const toError = (error: unknown) => failureOf(error, call);
      const events = batches(answered.body, new ChatEvents(reader, requestId), { stallMs, toError });
      return { events: append(events, () => rest(reader)), requestId };
    },
  };
}

/** Throws GatewayError (400) for what only the other endpoint could be trusted with. */
function refuseUnfit({ request, target }: BackendCall): void {
  if (request.guardrailConfig) {
    throw unsupported(
      note`The model \`${target.asked}\` cannot be called with a guardrail: it is served by bedrock-mantle alone, where none acts. Use another model.`,
      field('guardrailConfig'),
    );
  }
  if (request.performanceConfig) {
    throw unsupported(
      `The model \`${target.asked}\` has no answers that are optimised for latency: it is served by bedrock-mantle alone.`,
      written('performanceConfig'),
    );
  }
}

function bodyOf({ request }: BackendCall): JsonObject {
  const { max_tokens: most, ...body } = openAiChat.toBody(request, undefined);
  return { ...body, ...(most !== undefined && { max_completion_tokens: most }) };
}

const readerFor = ({ request }: BackendCall): AnswerReader =>
  new AnswerReader({ headers: {}, prompt: () => requestText(request), trimStart: false });

/** Counts that came with the last chunk, or an estimate. */
function rest(reader: AnswerReader): ConverseEvent[] | undefined {
  const events = reader.end();
  return events.length > 0 ? events : undefined;
}
