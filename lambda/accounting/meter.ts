import type { Backend, BackendCall } from '../backends/backend.ts';
import { estimateTokens } from '../canonical/estimate.ts';
import { promptText } from '../canonical/prompt-text.ts';
import type { ConverseEvent, Usage } from '../canonical/types.ts';
import { toGatewayError } from '../errors.ts';
import { map, type StreamEnd } from '../streams/map.ts';
import { noTokens, tokenCounts } from './tokens.ts';
import type { Trace, UpstreamCall } from './trace.ts';

/** A call, and where its entry goes. */
export interface MeteredCall extends BackendCall {
  trace: Trace;
  /** Whether it repeats a call to the same model, after a failure or with a repaired request. */
  repeated?: boolean;
}

export interface MeteredBackend {
  send(call: MeteredCall): ReturnType<Backend['send']>;
  stream(call: MeteredCall): ReturnType<Backend['stream']>;
}

/**
 * Puts a meter before a backend: every call leaves an entry in its trace, however it ends. What was spent is known
 * then for a client that leaves, a stream that breaks and an answer that is thrown away too; where Bedrock has not
 * said how much, the entry has an estimate and says why.
 */
export function metered(backend: Backend, now: () => number): MeteredBackend {
  return {
    async send(call) {
      const entry = opened(call, now);
      try {
        const sent = await backend.send(call);
        const { usage, serviceTier } = sent.answer;
        entry.firstEventAt = now();
        counted(entry, usage, serviceTier?.type);
        entry.upstreamRequestId = sent.requestId;
        call.trace.end(entry, 'ok', now());
        return sent;
      } catch (error) {
        throw failed(entry, error, call, 0, now);
      }
    },
    async stream(call) {
      const entry = opened(call, now);
      try {
        const { events, requestId } = await backend.stream(call);
        entry.upstreamRequestId = requestId;
        return { events: new StreamMeter(entry, call, now).watch(events), requestId };
      } catch (error) {
        throw failed(entry, error, call, 0, now);
      }
    },
  };
}

function opened(
  { target, request, signal, trace, repeated = false }: MeteredCall,
  now: () => number,
): UpstreamCall {
  // A call that is not made costs nothing.
  signal.throwIfAborted();
  return trace.begin({
    modelId: target.id,
    region: target.region,
    repeated,
    startedAt: now(),
    ...(target.underlying && { underlying: target.underlying }),
    ...(request.serviceTier && { tier: request.serviceTier.type }),
  });
}

/** Counts what goes by. */
class StreamMeter {
  readonly #entry: UpstreamCall;
  readonly #call: MeteredCall;
  readonly #now: () => number;
  /** Characters of all that the model has written. */
  #written = 0;

  constructor(entry: UpstreamCall, call: MeteredCall, now: () => number) {
    this.#entry = entry;
    this.#call = call;
    this.#now = now;
  }

  watch(events: Awaited<ReturnType<Backend['stream']>>['events']) {
    return map(
      events,
      (batch) => this.#count(batch),
      (end) => this.#end(end),
    );
  }

  #count(batch: ConverseEvent[]): ConverseEvent[] {
    this.#entry.firstEventAt ??= this.#now();
    for (const event of batch) {
      if ('contentBlockDelta' in event) this.#written += lengthOf(event.contentBlockDelta.delta);
      else if ('metadata' in event) {
        const { usage, serviceTier } = event.metadata;
        counted(this.#entry, usage, serviceTier?.type);
      }
    }
    return batch;
  }

  #end(end: StreamEnd): void {
    const entry = this.#entry;
    if (end.complete) {
      if (!entry.tokens) estimate(entry, this.#call, this.#written, 'not_reported');
      this.#call.trace.end(entry, 'ok', this.#now());
    } else if ('error' in end) failed(entry, end.error, this.#call, this.#written, this.#now);
    else {
      if (!entry.tokens) estimate(entry, this.#call, this.#written, 'left');
      this.#call.trace.end(entry, 'left', this.#now());
    }
  }
}

type Delta = Extract<ConverseEvent, { contentBlockDelta: unknown }>['contentBlockDelta']['delta'];

function lengthOf(delta: Delta): number {
  if ('text' in delta) return delta.text.length;
  if ('toolUse' in delta) return delta.toolUse.input.length;
  return 'reasoningContent' in delta ? (delta.reasoningContent.text?.length ?? 0) : 0;
}

function counted(entry: UpstreamCall, usage: Usage | undefined, tier: string | undefined): void {
  if (usage) entry.tokens = tokenCounts(usage);
  if (usage?.estimated) entry.estimated = 'not_reported';
  if (tier !== undefined) entry.tier = tier;
}

/** A call that failed before Bedrock ran the model costs nothing; what may have run is estimated. */
function failed(entry: UpstreamCall, thrown: unknown, call: MeteredCall, written: number, now: () => number) {
  const error = toGatewayError(thrown);
  const left = error.reason === 'aborted';
  // Whoever leaves while the model is at work has spent the prompt.
  const hasRun = left || written > 0 || entry.firstEventAt !== undefined || error.mayHaveRun;
  if (hasRun && !entry.tokens) estimate(entry, call, written, left ? 'left' : 'failed');
  if (error.upstream?.requestId !== undefined) entry.upstreamRequestId = error.upstream.requestId;
  call.trace.end(entry, left ? 'left' : error.reason, now());
  return error;
}

function estimate(
  entry: UpstreamCall,
  { request }: BackendCall,
  written: number,
  why: NonNullable<UpstreamCall['estimated']>,
): void {
  entry.tokens = {
    ...noTokens,
    input: estimateTokens(promptText(request)),
    output: Math.ceil(written / 4),
  };
  entry.estimated = why;
}
