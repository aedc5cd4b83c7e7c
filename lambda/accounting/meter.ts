import type { Backend, BackendCall, NativeCall } from '../backends/backend.ts';
import { estimateTokens } from '../canonical/estimate.ts';
import type { NativeAnswer, NativeEvent } from '../canonical/native.ts';
import { promptText } from '../canonical/prompt-text.ts';
import type { ConverseAnswer, ConverseEvent, Usage } from '../canonical/types.ts';
import { type GatewayError, toGatewayError } from '../errors.ts';
import { map, type StreamEnd } from '../streams/map.ts';
import type { Source } from '../streams/source.ts';
import type { Gated } from './gate.ts';
import { noTokens, tokenCounts } from './tokens.ts';
import type { Trace, UpstreamCall } from './trace.ts';

/** Where the entry of a call goes. */
interface Entered {
  trace: Trace;
  /** Whether it repeats a call to the same model, after a failure or with a repaired request. */
  repeated?: boolean;
}

export type MeteredCall = BackendCall & Entered;
export type MeteredNativeCall = NativeCall & Entered;

export type MeteredBackend = Metered<MeteredCall, ConverseAnswer, ConverseEvent>;
export type MeteredNativeBackend = Metered<MeteredNativeCall, NativeAnswer, NativeEvent>;

interface Metered<Call, Answer, Item> {
  send(call: Call): Promise<{ answer: Answer; requestId: string | undefined }>;
  stream(call: Call): Promise<{ events: Source<Item[]>; requestId: string | undefined }>;
}

/** How calls, answers and items of one shape are read. */
export interface Reading<Call, Answer, Item> {
  tier(call: Call): string | undefined;
  prompt(call: Call): string;
  counts(answer: Answer): Counts;
  /** Counts what an item says into the entry; returns the characters that the model has written with it. */
  item(item: Item, entry: UpstreamCall): number;
}

interface Counts extends Tiers {
  usage?: Usage;
  stopReason?: string;
}

interface Tiers {
  serviceTier?: { type: string } | undefined;
  performanceConfig?: { latency: string } | undefined;
}

/** What decides the price: answers that are optimised for latency have one of their own, as a tier has. */
export const tierOf = ({ serviceTier, performanceConfig }: Tiers) =>
  performanceConfig?.latency === 'optimized' ? 'optimized' : serviceTier?.type;

/**
 * Puts a meter before a backend: every call leaves an entry in its trace, however it ends. What was spent is known
 * then for a client that leaves, a stream that breaks and an answer that is thrown away too; where Bedrock has not
 * said how much, the entry has an estimate and says why.
 */
export const metered = (backend: Backend, now: () => number): MeteredBackend =>
  withMeter<MeteredCall, ConverseAnswer, ConverseEvent>(backend, canonicalReading, now);

const canonicalReading: Reading<BackendCall, ConverseAnswer, ConverseEvent> = {
  tier: ({ request }) => tierOf(request),
  prompt: ({ request }) => promptText(request),
  counts: (answer) => answer,
  item(event, entry) {
    if ('contentBlockDelta' in event) return lengthOf(event.contentBlockDelta.delta);
    if ('metadata' in event) count(entry, event.metadata);
    if ('messageStop' in event) count(entry, event.messageStop);
    return 0;
  },
};

type Call = Entered & Gated;

export function withMeter<C extends Call, Answer, Item>(
  backend: Metered<C, Answer, Item>,
  reading: Reading<C, Answer, Item>,
  now: () => number,
): Metered<C, Answer, Item> {
  return {
    async send(asked) {
      const call = await admitted(asked);
      const entry = opened(call, reading.tier(call), now);
      try {
        const sent = await backend.send(call);
        entry.firstEventAt = now();
        count(entry, reading.counts(sent.answer));
        entry.upstreamRequestId = sent.requestId;
        call.trace.end(entry, 'ok', now());
        return sent;
      } catch (error) {
        throw new CallMeter(entry, call, reading, now).failed(error);
      }
    },
    async stream(asked) {
      const call = await admitted(asked);
      const entry = opened(call, reading.tier(call), now);
      const meter = new CallMeter(entry, call, reading, now);
      try {
        const { events, requestId } = await backend.stream(call);
        entry.upstreamRequestId = requestId;
        return { events: meter.watch(events), requestId };
      } catch (error) {
        throw meter.failed(error);
      }
    },
  };
}

/** The call as its key's limits let it be made. */
export const admitted = <C extends Call>(call: C): C | Promise<C> => call.trace.gate?.admit(call) ?? call;

function opened(
  { target, signal, trace, repeated = false, reservation }: Call,
  tier: string | undefined,
  now: () => number,
): UpstreamCall {
  // A call that is not made costs nothing.
  if (signal.aborted) reservation?.cancel();
  signal.throwIfAborted();
  return trace.begin({
    modelId: target.id,
    region: target.region,
    repeated,
    startedAt: now(),
    reservation,
    ...(target.underlying && { underlying: target.underlying }),
    ...(tier !== undefined && { tier, tierAsked: tier }),
  });
}

/** Counts what goes by. */
class CallMeter<C extends Call, Answer, Item> {
  readonly #entry: UpstreamCall;
  readonly #call: C;
  readonly #reading: Reading<C, Answer, Item>;
  readonly #now: () => number;
  /** Characters of all that the model has written. */
  #written = 0;

  constructor(entry: UpstreamCall, call: C, reading: Reading<C, Answer, Item>, now: () => number) {
    this.#entry = entry;
    this.#call = call;
    this.#reading = reading;
    this.#now = now;
  }

  watch(events: Source<Item[]>): Source<Item[]> {
    return map(
      events,
      (batch) => this.#count(batch),
      (end) => this.#end(end),
    );
  }

  /** A call that failed before Bedrock ran the model costs nothing; what may have run is estimated. */
  failed(thrown: unknown): GatewayError {
    const entry = this.#entry;
    const error = toGatewayError(thrown);
    const left = error.reason === 'aborted';
    // Whoever leaves while the model is at work has spent the prompt.
    const hasRun = left || this.#written > 0 || entry.firstEventAt !== undefined || error.mayHaveRun;
    if (hasRun) this.#estimate(left ? 'left' : 'failed');
    if (error.upstream?.requestId !== undefined) entry.upstreamRequestId = error.upstream.requestId;
    this.#call.trace.end(entry, left ? 'left' : error.reason, this.#now());
    return error;
  }

  #count(batch: Item[]): Item[] {
    this.#entry.firstEventAt ??= this.#now();
    for (const item of batch) this.#written += this.#reading.item(item, this.#entry);
    return batch;
  }

  #end(end: StreamEnd): void {
    const entry = this.#entry;
    if (end.complete) {
      this.#estimate('not_reported');
      this.#call.trace.end(entry, 'ok', this.#now());
    } else if ('error' in end) this.failed(end.error);
    else {
      this.#estimate('left');
      this.#call.trace.end(entry, 'left', this.#now());
    }
  }

  /** What nobody has counted, or only what was known when the answer began. */
  #estimate(why: NonNullable<UpstreamCall['estimated']>): void {
    const entry = this.#entry;
    if (entry.tokens && !entry.isPartial) return;
    const { output, ...known } = entry.tokens ?? {
      ...noTokens,
      input: estimateTokens(this.#reading.prompt(this.#call)),
    };
    entry.tokens = { ...known, output: Math.max(output, Math.ceil(this.#written / 4)) };
    entry.estimated = why;
  }
}

type Delta = Extract<ConverseEvent, { contentBlockDelta: unknown }>['contentBlockDelta']['delta'];

function lengthOf(delta: Delta): number {
  if ('text' in delta) return delta.text.length;
  if ('toolUse' in delta) return delta.toolUse.input.length;
  return 'reasoningContent' in delta ? (delta.reasoningContent.text?.length ?? 0) : 0;
}

export function count(entry: UpstreamCall, counts: Counts): void {
  const { usage, stopReason } = counts;
  const tier = tierOf(counts);
  if (usage) entry.tokens = tokenCounts(usage);
  if (usage?.estimated) entry.estimated = 'not_reported';
  if (tier) entry.tier = entry.tierServed = tier;
  if (stopReason) entry.stopReason = stopReason;
}
