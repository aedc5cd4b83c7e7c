import { searchUnits } from '../aws/search-units.ts';
import type { CountCall, CountTokens } from '../backends/count-tokens.ts';
import type { Assess, AssessCall } from '../backends/guardrail/apply-guardrail.ts';
import type { Moderate, ModerateCall } from '../backends/guardrail/moderate.ts';
import { estimateTokens } from '../canonical/estimate.ts';
import { toGatewayError } from '../errors.ts';
import type { Embed, EmbedCall, Embedded } from '../models/embeddings/contract.ts';
import type { Draw, DrawCall } from '../models/images/contract.ts';
import type { RankCall, RankDocuments, Ranked } from '../models/rerank/contract.ts';
import type { Gated } from './gate.ts';
import { admitted } from './meter.ts';
import { noTokens } from './tokens.ts';
import type { Trace, UpstreamCall } from './trace.ts';

interface Metered extends Pick<Gated, 'reservation' | 'units'> {
  trace: Trace;
  /** Whether it repeats a call, after a failure. */
  repeated?: boolean;
}

export type MeteredEmbed = (call: EmbedCall & Metered) => Promise<Embedded>;
export type MeteredRank = (call: RankCall & Metered) => Promise<Ranked>;
export type MeteredDraw = (call: DrawCall & Metered) => ReturnType<Draw>;
export type MeteredCount = (call: CountCall & Metered) => Promise<number>;
export type MeteredModerate = (call: ModerateCall & Metered) => ReturnType<Moderate>;
export type MeteredAssess = (call: AssessCall & Metered) => ReturnType<Assess>;

/** Puts a meter before embedding models, as `metered` does before those that answer. */
export function meteredEmbed(embed: Embed, now: () => number): MeteredEmbed {
  return async (asked) => {
    const units = asked.image ? { unit: 'inputPerImage', count: 1 } : undefined;
    const call = await admitted({ ...asked, ...(units && { units }) });
    const { target, texts } = call;
    const estimate = () => texts.reduce((sum, text) => sum + estimateTokens(text), 0);
    const entry = opened(call, now, { modelId: target.id, underlying: target.underlying });
    try {
      const embedded = await embed(call);
      // An image is paid for as such, and its words beside it.
      const isImageAlone = texts.length === 0;
      entry.tokens = { ...noTokens, input: isImageAlone ? 0 : (embedded.inputTokens ?? estimate()) };
      if (units) entry.units = units;
      if (embedded.inputTokens === undefined && !isImageAlone) entry.estimated = 'not_reported';
      if (embedded.requestId !== undefined) entry.upstreamRequestId = embedded.requestId;
      call.trace.end(entry, 'ok', now());
      return embedded;
    } catch (thrown) {
      throw failed(entry, thrown, call, now, { units, tokens: { ...noTokens, input: estimate() } });
    }
  };
}

/** The same for reranking models, which are billed by the hundred documents. */
export function meteredRank(rank: RankDocuments, now: () => number): MeteredRank {
  return async (asked) => {
    const units = { unit: 'perQuery', count: searchUnits(asked.documents.length) };
    const call = await admitted({ ...asked, units });
    const { target } = call;
    const entry = opened(call, now, { modelId: target.id, underlying: target.underlying });
    try {
      const ranked = await rank(call);
      entry.units = units;
      if (ranked.requestId !== undefined) entry.upstreamRequestId = ranked.requestId;
      call.trace.end(entry, 'ok', now());
      return ranked;
    } catch (thrown) {
      throw failed(entry, thrown, call, now, { units });
    }
  };
}

/** The same for models that draw, which are billed by the image; what their own filter withholds is not. */
export function meteredDraw(draw: Draw, now: () => number): MeteredDraw {
  return async (asked) => {
    const units = { unit: 'perImage', count: 1 };
    const call = await admitted({ ...asked, units });
    const { target } = call;
    const entry = opened(call, now, { modelId: target.id, underlying: target.underlying });
    try {
      const drawn = await draw(call);
      if ('image' in drawn) entry.units = units;
      if (drawn.requestId !== undefined) entry.upstreamRequestId = drawn.requestId;
      call.trace.end(entry, 'image' in drawn ? 'ok' : 'content_filter', now());
      return drawn;
    } catch (thrown) {
      throw failed(entry, thrown, call, now, { units });
    }
  };
}

/** The same for a guardrail that is applied by itself: it has no tokens, but a price. */
export function meteredAssess(assess: Assess, now: () => number): MeteredAssess {
  return async (asked) => {
    const call = await admitted(asked);
    const modelId = call.guardrail.guardrailIdentifier;
    const entry = opened(call, now, { modelId, isGuardrail: true });
    try {
      const verdict = await assess(call);
      if (verdict.action !== 'pass') entry.stopReason = 'guardrail_intervened';
      call.trace.end(entry, 'ok', now());
      return verdict;
    } catch (thrown) {
      throw failed(entry, thrown, call, now);
    }
  };
}

/** The same for what judges a client's text. */
export function meteredModerate(moderate: Moderate, now: () => number): MeteredModerate {
  return async (asked) => {
    const call = await admitted(asked);
    const modelId = call.guardrail?.guardrailIdentifier ?? 'guardrail-checks';
    const entry = opened(call, now, { modelId, isGuardrail: true });
    try {
      const findings = await moderate(call);
      call.trace.end(entry, 'ok', now());
      return findings;
    } catch (thrown) {
      throw failed(entry, thrown, call, now);
    }
  };
}

/** The same for a count of tokens, which has neither tokens of its own nor a price. */
export function meteredCount(countTokens: CountTokens, now: () => number): MeteredCount {
  return async (asked) => {
    const call = await admitted(asked);
    const entry = opened(call, now, { modelId: call.modelId });
    try {
      const tokens = await countTokens(call);
      call.trace.end(entry, 'ok', now());
      return tokens;
    } catch (thrown) {
      throw failed(entry, thrown, call, now);
    }
  };
}

function opened(
  { target, signal, trace, repeated = false, reservation }: Pick<Gated, 'target' | 'signal'> & Metered,
  now: () => number,
  {
    underlying,
    ...known
  }: Pick<UpstreamCall, 'modelId' | 'isGuardrail'> & { underlying?: string | undefined },
): UpstreamCall {
  if (signal.aborted) reservation?.cancel();
  signal.throwIfAborted();
  return trace.begin({
    ...known,
    region: target.region,
    repeated,
    startedAt: now(),
    reservation,
    ...(underlying !== undefined && { underlying }),
  });
}

function failed(
  entry: UpstreamCall,
  thrown: unknown,
  { trace }: Metered,
  now: () => number,
  spent?: { units?: UpstreamCall['units']; tokens?: UpstreamCall['tokens'] },
) {
  const error = toGatewayError(thrown);
  const left = error.reason === 'aborted';
  if (spent && (left || error.mayHaveRun)) {
    if (spent.tokens) entry.tokens = spent.tokens;
    if (spent.units) entry.units = spent.units;
    entry.estimated = left ? 'left' : 'failed';
  }
  if (error.upstream?.requestId !== undefined) entry.upstreamRequestId = error.upstream.requestId;
  trace.end(entry, left ? 'left' : error.reason, now());
  return error;
}
