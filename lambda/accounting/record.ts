import { addTokens, noTokens } from './tokens.ts';
import type { Trace, UpstreamCall } from './trace.ts';

/** The one summary of a request, for the log: rendered from its trace when its last byte has gone out. */
export interface RequestRecord {
  requestId: string;
  api?: string;
  key?: string;
  stream?: boolean;
  modelAsked?: string;
  modelUsed?: string;
  region?: string;
  /** Searches of a reranking model, as AWS bills them. */
  searchUnits?: number;
  status?: number;
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
  /** Calls to Bedrock in all: for each answer, each step and each repetition. */
  calls?: number;
  inputTokens?: number;
  outputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  /** Why some of the tokens are an estimate: `left`, `failed` or `not_reported`. */
  tokensEstimated?: string;
  /** Milliseconds from the request's arrival. */
  firstByteMs?: number;
  totalMs?: number;
}

/** What HTTP knows of a request. */
export type HttpFacts = Pick<RequestRecord, 'requestId' | 'status' | 'firstByteMs' | 'totalMs'>;

export function renderRecord(trace: Trace, http: HttpFacts): RequestRecord {
  const calls = trace.allCalls();
  const retries = calls.filter(({ repeated }) => repeated).length;
  const attempts = Math.max(trace.steps.length, ...trace.children.map(({ steps }) => steps.length));
  const upstreamRequestId = calls.findLast((call) => call.upstreamRequestId)?.upstreamRequestId;
  return {
    ...http,
    ...trace.allFacts(),
    ...(upstreamRequestId !== undefined && { upstreamRequestId }),
    ...(retries > 0 && { retries }),
    ...(attempts > 0 && { attempts }),
    ...(calls.length > 0 && { calls: calls.length }),
    ...tokensOf(calls),
  };
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
    ...(tokensEstimated && { tokensEstimated }),
  };
}
