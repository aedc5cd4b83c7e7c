import { type Members, members } from '../../canonical/json.ts';
import type { ConverseEvent, JsonObject } from '../../canonical/types.ts';
import { EdgeTokens } from './edge-tokens.ts';
import { EventWriter } from './event-writer.ts';
import { Meter } from './meter.ts';
import { type CallPiece, type Piece, readPiece } from './piece.ts';
import { stopReasonOf } from './stop-reason.ts';

export interface ReaderOptions {
  /** Of the answer, in lower case: they count tokens where the body does not. */
  headers: Members;
  /** The text of the request, for an estimate. */
  prompt: () => string;
  trimStart: boolean;
}

/** Reads an answer of InvokeModel, whole or in chunks, in whatever format, into the events of ConverseStream. */
export class AnswerReader {
  readonly #options: ReaderOptions;
  readonly #edges: EdgeTokens;
  readonly #meter: Meter;
  readonly #writer = new EventWriter();
  #said = '';
  #stopped = false;
  #rendered = false;
  #foreign = true;
  #intervened = false;
  #trace: JsonObject | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#edges = new EdgeTokens(options.trimStart);
    this.#meter = new Meter(options.headers);
  }

  /** The model has said why it stopped. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Nothing in it was an answer. */
  get foreign(): boolean {
    return this.#foreign;
  }

  /** Bedrock has counted: it does so at the end of a stream. */
  get complete(): boolean {
    return this.#stopped || this.#meter.complete;
  }

  push(value: unknown): ConverseEvent[] {
    const body = members(value);
    const piece = readPiece(body);
    this.#foreign &&= piece.foreign;
    this.#meter.see(body);
    this.#seeGuardrail(body);
    if (!this.#stopped) this.#write(piece);
    if (this.#stopped && this.#meter.complete) this.#emit();
    return this.#writer.take();
  }

  /** The rest, once there are no more chunks. A model that gave no reason to stop has come to its end. */
  end(): ConverseEvent[] {
    if (!this.#stopped) this.#stop('stop');
    this.#emit();
    return this.#writer.take();
  }

  #write({ text, reasoning, calls, finish }: Piece): void {
    if (reasoning) this.#writer.reasoning(reasoning);
    if (text) this.#text(this.#edges.push(text));
    for (const call of calls) this.#call(call);
    if (finish) this.#stop(finish);
  }

  #text(text: string): void {
    this.#said += text;
    this.#writer.text(text);
  }

  #call({ index, id, name, input }: CallPiece): void {
    this.#said += input;
    this.#writer.call(index, { toolUseId: id ?? `call_${index}`, name: name ?? '' }, input);
  }

  #stop(word: string): void {
    this.#text(this.#edges.end());
    this.#stopped = true;
    this.#writer.stop(this.#intervened ? 'guardrail_intervened' : stopReasonOf(word));
  }

  /** On InvokeModel the guardrail speaks beside the model, which may say that all is well (recorded). */
  #seeGuardrail(body: Members): void {
    this.#intervened ||= body['amazon-bedrock-guardrailAction'] === 'INTERVENED';
    const { guardrail } = members(body['amazon-bedrock-trace']);
    if (guardrail !== undefined) this.#trace = guardrail as JsonObject;
  }

  #emit(): void {
    if (this.#rendered) return;
    this.#rendered = true;
    const latencyMs = this.#meter.latencyMs;
    // What a guardrail says in place of the model costs no tokens (Converse counts none, recorded).
    const usage = this.#intervened
      ? this.#meter.usage(() => '', '')
      : this.#meter.usage(this.#options.prompt, this.#said);
    this.#writer.metadata({
      usage,
      ...(latencyMs !== undefined && { metrics: { latencyMs } }),
      ...(this.#trace && { trace: { guardrail: this.#trace } }),
    });
  }
}
