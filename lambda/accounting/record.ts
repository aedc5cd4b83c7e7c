import { profileOf, scopeOf } from '../prices/find-row.ts';
import type { Pricing } from '../prices/types.ts';
import { clientProgram } from './client-program.ts';
import { type Costs, costsOf } from './costs.ts';
import { addTokens, noTokens } from './tokens.ts';
import type { RequestFacts, StepResult, Trace, UpstreamCall } from './trace.ts';

/** The one summary of a request, for the log: rendered from its trace when its last byte has gone out. */
export interface RequestRecord extends Costs {
  requestId: string;
  /** The program that asked, by its User-Agent. */
  client?: string;
  api?: string;
  key?: string;
  stream?: boolean;
  modelAsked?: string;
  modelUsed?: string;
  region?: string;
  /** How far the last call may have travelled: `region`, `global`, or the geography of its profile. */
  scope?: string;
  /** The inference profile that was called, if one was: its id, without the account. */
  profile?: string;
  /** Service tiers: that asked for, and that of the last call by Bedrock's answer. */
  tierAsked?: string;
  tierServed?: string;
  status?: number;
  /** How the answer ended. */
  ended?: Ending;
  /** `intervened`: a guardrail has blocked or changed something. */
  guardrailAction?: string;
  errorCode?: string;
  errorReason?: string;
  upstreamRequestId?: string;
  optimisation?: string;
  optimisationCalls?: number;
  optimisationFailed?: number;
  optimisationStopped?: string;
  /** Calls to Bedrock that repeated one to the same model: after a failure, or with a repaired request. */
  retries?: number;
  /** Steps of the fallback chain that were tried or passed over; of several answers, those of the longest way. */
  attempts?: number;
  /** These steps, where there were several, as in the header `x-gateway-attempts`. */
  path?: string;
  /** Calls to Bedrock in all: for each answer, each step and each repetition. */
  calls?: number;
  inputTokens?: number;
  outputTokens?: number;
  cacheReadTokens?: number;
  /** Written to the cache for any time. */
  cacheWriteTokens?: number;
  /** Of these, for an hour, which costs more. */
  cacheWrite1hTokens?: number;
  /** Why some of the tokens are an estimate: `left`, `failed` or `not_reported`. */
  tokensEstimated?: string;
  /** Milliseconds from the request's arrival. */
  firstByteMs?: number;
  /** Of a stream: until the first event of the model. */
  firstTokenMs?: number;
  totalMs?: number;
}

/**
 * `complete`; `client_gone`; `upstream_cut`: the stream ended, fell silent or ran out of time before its end;
 * `stream_error`: an error in the stream; `refused`: an error instead of an answer.
 */
type Ending = 'complete' | 'client_gone' | 'upstream_cut' | 'stream_error' | 'refused';

/** What HTTP knows of a request. */
export interface HttpFacts extends Pick<RequestRecord, 'requestId' | 'status' | 'firstByteMs' | 'totalMs'> {
  /** Epoch milliseconds. */
  arrivedAt: number;
  userAgent?: string | undefined;
}

/** `pricing` undefined: the prices of the settings cannot be used, so nothing is said of the cost. */
export function renderRecord(trace: Trace, http: HttpFacts, pricing?: Pricing): RequestRecord {
  const { arrivedAt, userAgent, ...known } = http;
  const calls = trace.allCalls();
  const facts = trace.allFacts();
  const client = clientProgram(userAgent);
  const ended = endingOf(facts, http.status);
  return {
    ...known,
    ...facts,
    ...(client !== undefined && { client }),
    ...(ended && { ended }),
    ...whereOf(facts, calls),
    ...wayOf(trace, calls),
    ...firstTokenOf(facts, calls, arrivedAt),
    ...tokensOf(calls),
    ...(pricing && costsOf(calls, pricing)),
  };
}

/** Failures that leave a stream without its end. */
const cuts: ReadonlySet<string> = new Set(['connection', 'timeout', 'deadline']);

function endingOf({ errorReason, stream }: RequestFacts, status = 0): Ending | undefined {
  if (errorReason === 'aborted') return 'client_gone';
  if (errorReason === undefined) return status > 0 && status < 400 ? 'complete' : 'refused';
  if (!stream || status >= 400) return 'refused';
  return cuts.has(errorReason) ? 'upstream_cut' : 'stream_error';
}

/** The call that has answered, or the last. */
const lastOf = (calls: readonly UpstreamCall[]) =>
  calls.findLast(({ result }) => result === 'ok') ?? calls.at(-1);

function whereOf({ modelUsed }: RequestFacts, calls: readonly UpstreamCall[]): Partial<RequestRecord> {
  const last = lastOf(calls);
  const modelId = modelUsed ?? last?.modelId;
  const scope = modelId === undefined ? undefined : scopeOf(modelId);
  const profile = modelId === undefined ? undefined : profileOf(modelId);
  const intervened = calls.some(({ stopReason }) => stopReason === 'guardrail_intervened');
  return {
    ...(scope !== undefined && { scope }),
    ...(profile !== undefined && { profile }),
    ...(last?.tierAsked !== undefined && { tierAsked: last.tierAsked }),
    ...(last?.result === 'ok' && last.tier !== undefined && { tierServed: last.tier }),
    ...(intervened && { guardrailAction: 'intervened' }),
  };
}

/** Characters of a path that are kept. */
const longestPath = 1000;

function wayOf(trace: Trace, calls: readonly UpstreamCall[]): Partial<RequestRecord> {
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

function firstTokenOf(
  { stream }: RequestFacts,
  calls: readonly UpstreamCall[],
  arrivedAt: number,
): Partial<RequestRecord> {
  if (!stream) return {};
  const first = Math.min(...calls.map(({ firstEventAt = Number.POSITIVE_INFINITY }) => firstEventAt));
  return Number.isFinite(first) ? { firstTokenMs: first - arrivedAt } : {};
}

function tokensOf(calls: readonly UpstreamCall[]): Partial<RequestRecord> {
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
