import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../bedrock/clients.ts';
import type { WireInput } from '../bedrock/operations.ts';
import { isObject, parseExactly } from '../canonical/json.ts';
import { withMarks } from '../canonical/request-metadata.ts';
import type { ConverseAnswer, ConverseEvent } from '../canonical/types.ts';
import type { Backend, BackendCall } from './backend.ts';
import { type Answered, failureOf, readText, sendCommand } from './call.ts';
import { exceptionName } from './errors/exception-name.ts';
import { endedEarly, notAnAnswer } from './errors/incomplete.ts';
import { type BatchDecoder, batches } from './stream/batches.ts';
import { eventDecoder, type ReadEvent, readConverseEvent } from './stream/events.ts';
import { type StreamLimits, stallOf } from './stream/limits.ts';

export type ConverseOptions = StreamLimits;

/** Models that Bedrock's Converse and ConverseStream know: the canonical shape goes out and comes back as it is. */
export function createConverseBackend(clients: BedrockClients, options: ConverseOptions = {}): Backend {
  const stallMs = stallOf(options);
  return {
    async send(call) {
      const answered = await sendCommand(clients, new ConverseCommand(input(call)), call);
      const text = await readText(answered.body, call);
      return { answer: parseAnswer(text, answered), requestId: answered.requestId };
    },
    async stream(call) {
      const answered = await sendCommand(clients, new ConverseStreamCommand(input(call)), call);
      const { body, requestId } = answered;
      if (answered.headers['content-type']?.startsWith('application/json')) {
        refuseAnswer(await readText(body, call), answered);
      }
      const decoder = new ConverseDecoder(requestId);
      const toError = (error: unknown) => failureOf(error, call);
      return { events: batches(body, decoder, { stallMs, toError }), requestId };
    },
  };
}

/** The command's type asks for the input of its schema; WireProtocol takes this instead. */
function input({ target, request, payer }: BackendCall): ConverseCommandInput {
  const requestMetadata = withMarks(request.requestMetadata, payer?.marks);
  const wire: WireInput = {
    modelId: target.id,
    wireBody: { ...request, ...(requestMetadata && { requestMetadata }) },
  };
  return wire as unknown as ConverseCommandInput;
}

/** A stream is complete with `messageStop`; `metadata` may be missing after it. */
class ConverseDecoder implements BatchDecoder<ConverseEvent> {
  complete = false;
  readonly #decoder: BatchDecoder<ConverseEvent>;
  readonly #requestId: string | undefined;

  constructor(requestId: string | undefined) {
    this.#requestId = requestId;
    this.#decoder = eventDecoder((type, bytes, start, end) => this.#read(type, bytes, start, end), requestId);
  }

  push(chunk: Buffer, events: ConverseEvent[]): void {
    this.#decoder.push(chunk, events);
  }

  end(): void {
    if (this.complete) return;
    this.#decoder.end();
    throw endedEarly(this.#requestId);
  }

  #read(...frame: Parameters<ReadEvent<ConverseEvent>>): ConverseEvent | undefined {
    if (frame[0] === 'messageStop') this.complete = true;
    return readConverseEvent(...frame);
  }
}

function parseAnswer(text: string, answered: Answered): ConverseAnswer {
  let answer: ConverseAnswer | undefined;
  try {
    answer = parseExactly(text) as ConverseAnswer;
  } catch {
    refuseAnswer(text, answered);
  }
  if (!isAnswer(answer)) refuseAnswer(text, answered);
  return answer;
}

/** It has what everything behind this relies on. */
const isAnswer = (answer: Partial<ConverseAnswer> | undefined): answer is ConverseAnswer =>
  Array.isArray(answer?.output?.message?.content) &&
  typeof answer.stopReason === 'string' &&
  isObject(answer.usage);

/** Status 200 with something else in it: `{"Output":{"__type":"…#UnknownOperationException"}}`, `{"message":…}`. */
function refuseAnswer(text: string, { requestId }: Answered): never {
  const type = /"__type":\s*"([^"]+)"/.exec(text)?.[1];
  const message = /"[mM]essage":\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  throw notAnAnswer(requestId, { ...(type && { name: exceptionName(type) }), ...(message && { message }) });
}
