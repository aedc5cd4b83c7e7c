import { isObject, list, parseJson, text } from '../../canonical/json.ts';
import type { NativeEvent } from '../../canonical/native.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { endedEarly } from '../errors/incomplete.ts';
import { failureIn, noAnswer } from '../openai/failure.ts';
import type { BatchDecoder } from '../stream/batches.ts';
import { CorruptStream } from '../stream/corrupt-stream.ts';
import { ServerSentDecoder } from '../stream/server-sent.ts';
import { usageOf } from './outcome.ts';
import { TaggedReasoning } from './tagged-reasoning.ts';

/** Its name in the batches; on the wire chunks have none. */
export const chunkType = 'chat.completion.chunk';

/**
 * The chunks of one streamed completion. It is complete with `[DONE]` after a choice has ended; without either, the
 * stream has failed. Chunks that say nothing yet wait for what follows: until then a failure can still be met by another
 * call.
 */
export class ChunkDecoder implements BatchDecoder<NativeEvent> {
  complete = false;
  readonly #decoder = new ServerSentDecoder((data) => this.#onData(data));
  readonly #requestId: string | undefined;
  /** For a model that writes what it thought into its text. */
  readonly #splitting: TaggedReasoning | undefined;
  #items: NativeEvent[] = [];
  #held: NativeEvent[] = [];
  #hasBegun = false;
  #hasFinished = false;

  constructor(requestId: string | undefined, tagged: boolean) {
    this.#requestId = requestId;
    this.#splitting = tagged ? new TaggedReasoning() : undefined;
  }

  push(chunk: Buffer, items: NativeEvent[]): void {
    this.#items = items;
    this.#decoder.push(chunk);
  }

  end(): void {
    if (!this.complete) throw endedEarly(this.#requestId);
  }

  #onData(data: string): void {
    if (this.complete) return;
    if (data === '[DONE]') {
      if (!this.#hasFinished) throw endedEarly(this.#requestId);
      this.#release();
      this.complete = true;
      return;
    }
    const chunk = parseJson(data)?.value;
    if (!isObject(chunk)) throw new CorruptStream('an event of the stream is no JSON object');
    if (chunk.error != null)
      throw failureIn(isObject(chunk.error) ? chunk.error : { message: text(chunk.error) }, this.#requestId);
    if (!Array.isArray(chunk.choices)) {
      // What is newer than this says nothing of the answer; what is said instead of one says something of an exception.
      if (chunk.object === undefined) throw noAnswer(chunk, this.#requestId);
      return;
    }
    this.#onChunk(chunk as JsonObject);
  }

  #onChunk(chunk: JsonObject): void {
    const usage = usageOf(chunk);
    const [choice] = list(chunk.choices);
    const finished = typeof choice?.finish_reason === 'string';
    this.#hasFinished ||= finished;
    const shown = this.#splitting ? this.#split(chunk, this.#splitting, finished) : chunk;
    const written = writtenIn(shown);
    const event = { type: chunkType, json: JSON.stringify(shown), written, ...(usage && { usage }) };
    this.#hasBegun ||= written > 0 || this.#hasFinished || choice === undefined;
    this.#held.push(event);
    if (this.#hasBegun) this.#release();
  }

  #release(): void {
    for (const event of this.#held) this.#items.push(event);
    this.#held = [];
  }

  #split(chunk: JsonObject, splitting: TaggedReasoning, finished: boolean): JsonObject {
    const [choice, ...others] = chunk.choices as Json[];
    const delta = isObject(choice) && isObject(choice.delta) ? choice.delta : undefined;
    if (!isObject(choice) || !delta) return chunk;
    const piece = splitting.push(text(delta.content) ?? '');
    const rest = finished ? splitting.end() : { reasoning: '', content: '' };
    const reasoning = piece.reasoning + rest.reasoning;
    const said = piece.content + rest.content;
    const { content, ...kept } = delta;
    const isEmpty = said === '' && content !== '' && content !== null;
    const shown = {
      ...kept,
      ...(reasoning !== '' && { reasoning }),
      ...(said !== '' ? { content: said } : content !== undefined && !isEmpty && { content }),
    };
    return { ...chunk, choices: [{ ...choice, delta: shown } as JsonObject, ...others] };
  }
}

/** Characters that the model has written with a chunk. */
function writtenIn({ choices }: JsonObject): number {
  let written = 0;
  for (const { delta } of list(choices)) {
    if (!isObject(delta)) continue;
    written +=
      length(delta.content) +
      length(delta.reasoning) +
      length(delta.reasoning_content) +
      length(delta.refusal);
    for (const { function: called } of list(delta.tool_calls))
      written += isObject(called) ? length(called.name) + length(called.arguments) : 0;
  }
  return written;
}

const length = (value: unknown): number => text(value)?.length ?? 0;
