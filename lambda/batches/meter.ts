import type { TokenCounts } from '../accounting/tokens.ts';
import type { Trace } from '../accounting/trace.ts';
import type { BatchState } from './stored.ts';

/** The tier of what a job has spent: its tokens have a price of their own, and nothing of it is cached. */
export const batchTier = 'batch';

/**
 * An entry for each job in the trace of the request that reads the results first, by what Bedrock has counted. Where it
 * has left no count, the entry has none: what is not known is not claimed.
 */
export function meterJobs(state: BatchState, trace: Trace, at: number): void {
  for (const [i, { target }] of state.batch.jobs.entries()) {
    const counted = state.tokens?.[i];
    const entry = trace.begin({
      modelId: target.id,
      region: target.region,
      repeated: false,
      startedAt: at,
      tier: batchTier,
      tierAsked: batchTier,
      ...(target.underlying && { underlying: target.underlying }),
    });
    entry.tierServed = batchTier;
    if (counted) entry.tokens = { ...uncached, input: counted.input, output: counted.output };
    else entry.estimated = 'not_reported';
    trace.end(entry, 'ok', at);
  }
  const [first] = state.batch.jobs;
  if (first) trace.note({ modelUsed: first.target.id, region: first.target.region });
}

const uncached: Omit<TokenCounts, 'input' | 'output'> = { cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 };
