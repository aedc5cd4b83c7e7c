import type { StateKey } from '../../auth/state-key.ts';
import { type BatchState, countsOf, haveEnded, type Job, type JobStatus } from '../../batches/stored.ts';
import { idOf } from '../batching/ids.ts';

export type ProcessingStatus = 'in_progress' | 'canceling' | 'ended';

/** Anthropic's words for how a job stands. */
export const statuses: Readonly<Record<JobStatus, ProcessingStatus>> = {
  Submitted: 'in_progress',
  Validating: 'in_progress',
  Scheduled: 'in_progress',
  InProgress: 'in_progress',
  Completed: 'ended',
  PartiallyCompleted: 'ended',
  Failed: 'ended',
  Stopping: 'canceling',
  Stopped: 'ended',
  Expired: 'ended',
};

const time = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : new Date(milliseconds).toISOString();

const dayMs = 86_400_000;

/** https://platform.claude.com/docs/en/api/retrieving-message-batches. `origin`: the address that the client asked, up to its path. */
export function messageBatch(state: BatchState, key: StateKey, resultsUrl: (id: string) => string) {
  const { batch, jobs } = state;
  const id = idOf('message-batch', batch.stem, key);
  const ended = haveEnded(state);
  const ends = jobs.map(({ endedAt, modifiedAt }) => endedAt ?? modifiedAt ?? batch.createdAt);
  const expiries = jobs.flatMap(({ expiresAt }) => expiresAt ?? []);
  return {
    id,
    type: 'message_batch' as const,
    processing_status: statusOf(jobs),
    request_counts: requestCounts(state),
    ended_at: ended ? time(Math.max(...ends)) : null,
    created_at: time(batch.createdAt),
    // Before Bedrock has said when.
    expires_at: time(expiries.length > 0 ? Math.max(...expiries) : batch.createdAt + dayMs),
    archived_at: null,
    cancel_initiated_at: time(batch.cancelledAt),
    results_url: ended ? resultsUrl(id) : null,
  };
}

function statusOf(jobs: readonly Job[]): ProcessingStatus {
  const all = jobs.map(({ status }) => statuses[status]);
  if (all.every((status) => status === 'ended')) return 'ended';
  return all.includes('canceling') ? 'canceling' : 'in_progress';
}

/** All are being processed until the whole batch has ended, as Anthropic counts them. */
export function requestCounts(state: BatchState) {
  const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  if (!haveEnded(state)) return { ...counts, processing: countsOf(state).total };
  for (const [i, job] of state.jobs.entries()) {
    const count = state.batch.jobs[i]?.count ?? 0;
    const succeeded = job.succeeded ?? 0;
    const errored = job.failed ?? 0;
    counts.succeeded += succeeded;
    counts.errored += errored;
    counts[restOf(job)] += Math.max(0, count - succeeded - errored);
  }
  return counts;
}

/** What became of the requests that a job has not got to. */
export function restOf({ status }: Pick<Job, 'status'>): 'canceled' | 'expired' | 'errored' {
  if (status === 'Stopped') return 'canceled';
  return status === 'Failed' ? 'errored' : 'expired';
}
