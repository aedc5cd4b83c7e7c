import type { StateKey } from '../../auth/state-key.ts';
import {
  type BatchState,
  countsOf,
  haveEnded,
  type Job,
  type JobStatus,
  tokensOf,
} from '../../batches/stored.ts';
import { idOf } from '../batching/ids.ts';

/** OpenAI's words for how a job stands. What a job has written is translated while it is read: there is no finalizing. */
export const statuses: Readonly<Record<JobStatus, string>> = {
  Submitted: 'validating',
  Validating: 'validating',
  Scheduled: 'validating',
  InProgress: 'in_progress',
  Completed: 'completed',
  PartiallyCompleted: 'completed',
  Failed: 'failed',
  Stopping: 'cancelling',
  Stopped: 'cancelled',
  Expired: 'expired',
};

const seconds = (milliseconds: number | undefined): number | null =>
  milliseconds === undefined ? null : Math.floor(milliseconds / 1000);

/** A batch of OpenAI's has one job. */
const jobOf = ({ jobs }: BatchState): Job => {
  const [job] = jobs;
  if (!job) throw new Error('unreachable: a batch has a job');
  return job;
};

/** https://platform.openai.com/docs/api-reference/batch/object */
export function openAiBatch(state: BatchState, key: StateKey) {
  const { batch } = state;
  const job = jobOf(state);
  const status = statuses[job.status];
  const at = (name: string) => (status === name ? seconds(job.endedAt ?? job.modifiedAt) : null);
  const { total, succeeded, failed } = countsOf(state);
  return {
    id: idOf('batch', batch.stem, key),
    object: 'batch' as const,
    endpoint: batch.endpoint,
    model: batch.jobs[0]?.target.asked,
    errors: job.status === 'Failed' ? errorsOf(job) : null,
    input_file_id: batch.inputFile,
    completion_window: '24h' as const,
    status,
    ...filesOf(state, key),
    created_at: seconds(batch.createdAt),
    in_progress_at: status === 'in_progress' ? seconds(job.modifiedAt) : null,
    expires_at: seconds(job.expiresAt),
    finalizing_at: null,
    completed_at: at('completed'),
    failed_at: at('failed'),
    expired_at: at('expired'),
    cancelling_at: seconds(batch.cancelledAt),
    cancelled_at: at('cancelled'),
    request_counts: { total, completed: succeeded, failed },
    ...usageOf(state),
    metadata: batch.metadata ?? null,
  };
}

const errorsOf = ({ message }: Job) => ({
  object: 'list' as const,
  data: [
    {
      code: 'batch_failed',
      message: message || 'Amazon Bedrock has failed to process the batch and has not said why.',
      line: null,
      param: null,
    },
  ],
});

/** Only what there is has an id: answers, and requests that came to none. */
export function filesOf(state: BatchState, key: StateKey) {
  const { stem } = state.batch;
  const { total, succeeded } = countsOf(state);
  const ended = haveEnded(state) && jobOf(state).status !== 'Failed';
  return {
    output_file_id: ended && succeeded > 0 ? idOf('output', stem, key) : null,
    error_file_id: ended && succeeded < total ? idOf('errors', stem, key) : null,
  };
}

/** As Bedrock has counted; nothing is cached in a batch, and what of it was reasoning is not told. */
function usageOf(state: BatchState) {
  const tokens = tokensOf(state);
  if (!tokens) return {};
  const { input, output } = tokens;
  return {
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
  };
}
