import type { PriceBook } from '../prices/load.ts';
import { clientProgram } from './client-program.ts';
import { type Costs, costsOf } from './costs.ts';
import { endingOf, firstTokenOf, tokensOf, wayOf, whereOf } from './record-facts.ts';
import type { Trace } from './trace.ts';

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
  /** Searches of a reranking model, as AWS bills them. */
  searchUnits?: number;
  /** Images that were drawn. */
  images?: number;
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
export type Ending = 'complete' | 'client_gone' | 'upstream_cut' | 'stream_error' | 'refused';

/** What HTTP knows of a request. */
export interface HttpFacts extends Pick<RequestRecord, 'requestId' | 'status' | 'firstByteMs' | 'totalMs'> {
  /** Epoch milliseconds. */
  arrivedAt: number;
  userAgent?: string | undefined;
}

/** `pricing` undefined: the prices of the settings cannot be used, so nothing is said of the cost. */
export function renderRecord(trace: Trace, http: HttpFacts, pricing?: PriceBook): RequestRecord {
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
