import { profileOf, scopeOf } from '../prices/find-row.ts';
import type { Ending, RequestRecord } from './record.ts';
import { addTokens, noTokens } from './tokens.ts';
import type { RequestFacts, StepResult, Trace, UpstreamCall } from './trace.ts';

/** What a record says, from the trace of its request, fact by fact. */

/** Failures that leave a stream without its end. */
const cuts: ReadonlySet<string> = new Set(['connection', 'timeout', 'deadline']);

export function endingOf({ errorReason, stream }: RequestFacts, status = 0): Ending | undefined {
  if (errorReason === 'aborted') return 'client_gone';
  if (errorReason === undefined) return status > 0 && status < 400 ? 'complete' : 'refused';
  if (!stream || status >= 400) return 'refused';
  return cuts.has(errorReason) ? 'upstream_cut' : 'stream_error';
}

/** The call that has answered, or the last. */
const lastOf = (calls: readonly UpstreamCall[]) =>
  calls.findLast(({ result }) => result === 'ok') ?? calls.at(-1);

export function whereOf({ modelUsed }: RequestFacts, calls: readonly UpstreamCall[]): Partial<RequestRecord> {
  const last = lastOf(calls);
  const modelId = modelUsed ?? last?.modelId;
  const scope = modelId === undefined ? undefined : scopeOf(modelId);
  const profile = modelId === undefined ? undefined : profileOf(modelId);
  const intervened = calls.some(({ stopReason }) => stopReason === 'guardrail_intervened');
  return {
    ...(scope !== undefined && { scope }),
    ...(profile !== undefined && { profile }),
    ...(last?.tierAsked !== undefined && { tierAsked: last.tierAsked }),
    ...(last?.tierServed !== undefined && { tierServed: last.tierServed }),
    ...(intervened && { guardrailAction: 'intervened' }),
  };
}

/** Characters of a path that are kept. */
const longestPath = 1000;

export function wayOf(trace: Trace, calls: readonly UpstreamCall[]): Partial<RequestRecord> {
  const retries = calls.filter(({ repeated }) => repeated).length;
  const ways = [trace.steps, ...trace.children.map(({ steps }) => steps)];
  const longest = ways.reduce((one, other) => (other.length > one.length ? other : one));
  const upstreamRequestId = calls.findLast((call) => call.upstreamRequestId)?.upstreamRequestId;
  return {
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
    ...(retries > 0 && { retries }),
    ...(longest.length > 0 && { attempts: longest.length }),
    ...(longest.length > 1 && { path: pathOf(longest).slice(0, longestPath) }),
    ...(calls.length > 0 && { calls: calls.length }),
  };
}

const pathOf = (steps: readonly StepResult[]) =>
  steps.map(({ model, region, result }) => `${model}@${region}=${result}`).join('; ');

export function firstTokenOf(
  { stream }: RequestFacts,
  calls: readonly UpstreamCall[],
  arrivedAt: number,
): Partial<RequestRecord> {
  if (!stream) return {};
  const first = Math.min(...calls.map(({ firstEventAt = Number.POSITIVE_INFINITY }) => firstEventAt));
  return Number.isFinite(first) ? { firstTokenMs: first - arrivedAt } : {};
}

export function tokensOf(calls: readonly UpstreamCall[]): Partial<RequestRecord> {
  const counted = calls.flatMap(({ tokens }) => tokens ?? []);
  if (counted.length === 0) return {};
  const { input, output, cacheRead, cacheWrite, cacheWriteLong } = counted.reduce(addTokens, noTokens);
  const tokensEstimated = calls.find(({ estimated }) => estimated)?.estimated;
  return {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite + cacheWriteLong,
    cacheWrite1hTokens: cacheWriteLong,
    ...(tokensEstimated && { tokensEstimated }),
  };
}
