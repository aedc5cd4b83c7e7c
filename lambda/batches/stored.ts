import type { Job, JobStatus } from '../bedrock/invocation-jobs.ts';
import type { JobType } from '../engine/batch-record.ts';
import type { Target } from '../models/target.ts';
import type { BatchKind, Stem } from './keys.ts';

export type { Job, JobStatus };

/** One job of a batch, as it was made. */
export interface StoredJob {
  arn: string;
  type: JobType;
  /** Records. */
  count: number;
  /** What the records were fitted to; their way back goes by the same. */
  target: Target;
}

/** A batch as it stands in the bucket. Times are epoch milliseconds. */
export interface StoredBatch {
  kind: BatchKind;
  stem: Stem;
  /** What each request was written for: `/v1/chat/completions`. */
  endpoint: string;
  createdAt: number;
  /** As the client named it; absent where the requests came in the body. */
  inputFile?: string | undefined;
  /** The client's own. */
  metadata?: Record<string, string> | undefined;
  jobs: StoredJob[];
  cancelledAt?: number | undefined;
  /** The end of all its jobs, which does not change any more. */
  settled?: { jobs: Job[]; tokens: (BatchTokens | null)[] } | undefined;
}

/** What Bedrock has counted for all records of a job. */
export interface BatchTokens {
  input: number;
  output: number;
}

/** A batch as it is now. */
export interface BatchState {
  owner: string;
  batch: StoredBatch;
  /** In the order of the batch's own. */
  jobs: readonly Job[];
  /** Of each job, once all have ended; null where Bedrock has left no summary. */
  tokens?: readonly (BatchTokens | null)[] | undefined;
}

const ends: ReadonlySet<JobStatus> = new Set([
  'Completed',
  'PartiallyCompleted',
  'Failed',
  'Stopped',
  'Expired',
]);
export const hasEnded = ({ status }: Job): boolean => ends.has(status);
export const haveEnded = ({ jobs }: BatchState): boolean => jobs.every(hasEnded);

export interface Counts {
  total: number;
  succeeded: number;
  failed: number;
}

/** Of all jobs; the total is known from the beginning, because the gateway has written the records. */
export function countsOf({ batch, jobs }: BatchState): Counts {
  const sum = (numbers: readonly (number | undefined)[]) =>
    numbers.reduce<number>((total, each) => total + (each ?? 0), 0);
  return {
    total: sum(batch.jobs.map(({ count }) => count)),
    succeeded: sum(jobs.map(({ succeeded }) => succeeded)),
    failed: sum(jobs.map(({ failed }) => failed)),
  };
}

/** Of all jobs; undefined until that is known of each. */
export function tokensOf({ tokens }: BatchState): BatchTokens | undefined {
  if (!tokens || tokens.includes(null)) return undefined;
  const known = tokens.filter((each) => each !== null);
  return {
    input: known.reduce((sum, { input }) => sum + input, 0),
    output: known.reduce((sum, { output }) => sum + output, 0),
  };
}

/** The job's id, which is the last part of its ARN and the name of the folder it writes to. */
export const jobId = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
