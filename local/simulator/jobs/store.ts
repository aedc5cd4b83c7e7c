import { createHash } from 'node:crypto';
import { BedrockError } from '../errors.ts';

export type JobStatus =
  | 'Submitted'
  | 'Validating'
  | 'Scheduled'
  | 'InProgress'
  | 'Completed'
  | 'PartiallyCompleted'
  | 'Failed'
  | 'Stopping'
  | 'Stopped'
  | 'Expired';

/** How a job ends, where nobody stops it. */
export type JobEnd = Extract<JobStatus, 'Completed' | 'PartiallyCompleted' | 'Failed' | 'Expired'>;

/** What CreateModelInvocationJob was asked for. */
export interface JobRequest {
  jobName: string;
  roleArn: string;
  clientRequestToken?: string;
  modelId: string;
  modelInvocationType?: 'InvokeModel' | 'Converse';
  inputDataConfig: { s3InputDataConfig: { s3Uri: string; s3InputFormat?: string } };
  outputDataConfig: { s3OutputDataConfig: { s3Uri: string } };
  timeoutDurationInHours?: number;
  tags?: { key: string; value: string }[];
}

export interface Job {
  arn: string;
  region: string;
  request: JobRequest;
  /** Epoch milliseconds of the jobs' own clock. */
  submittedAt: number;
  stoppedAt?: number;
  /** How its input turned out: known when it has been looked at. */
  checked?: { end: JobEnd; message?: string; records: readonly InputRecord[] };
  /** What its model has made of it; there once it has ended. */
  done?: { total: number; processed: number; succeeded: number; failed: number };
}

export interface InputRecord {
  recordId: string;
  modelInput: Record<string, unknown>;
}

/** Milliseconds after its submission at which a job comes to each state: seconds for a person, where Bedrock takes hours. */
const begins = { Validating: 2000, Scheduled: 5000, InProgress: 7000, end: 20_000 } as const;
const stoppingMs = 2000;

/** Jobs of batch inference, on a clock of their own that can be moved. */
export class Jobs {
  readonly #now: () => number;
  #moved = 0;
  readonly #jobs = new Map<string, Job>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#now() + this.#moved;
  }

  /** Moves the jobs' clock forward; that of signatures stays. */
  advance(ms: number): void {
    this.#moved += ms;
  }

  clear(): void {
    this.#jobs.clear();
    this.#moved = 0;
  }

  all(): Job[] {
    return [...this.#jobs.values()];
  }

  add(request: JobRequest, region: string, account: string): Job {
    const id = createHash('sha256').update(`${region} ${request.jobName}`).digest('hex').slice(0, 12);
    const job = {
      arn: `arn:aws:bedrock:${region}:${account}:model-invocation-job/${id}`,
      region,
      request,
      submittedAt: this.now(),
    };
    this.#jobs.set(job.arn, job);
    return job;
  }

  /** By its ARN or the id at its end. Throws BedrockError. */
  find(identifier: string, region: string): Job {
    const found = this.all().find(
      ({ arn, region: own }) => own === region && (arn === identifier || arn.endsWith(`/${identifier}`)),
    );
    if (!found)
      throw new BedrockError(
        'ResourceNotFoundException',
        `The specified model invocation job ${identifier} was not found`,
      );
    return found;
  }

  /** What its clock says of a job, before its input is looked at. */
  phaseOf(job: Job): JobStatus | 'ended' {
    const now = this.now();
    if (job.stoppedAt !== undefined) return now < job.stoppedAt + stoppingMs ? 'Stopping' : 'Stopped';
    const age = now - job.submittedAt;
    if (age < begins.Validating) return 'Submitted';
    if (age < begins.Scheduled) return 'Validating';
    // What cannot be read is found out by the check.
    if (job.checked?.end === 'Failed') return 'Failed';
    if (age < begins.InProgress) return 'Scheduled';
    return age < begins.end ? 'InProgress' : 'ended';
  }

  /** The part of its records that a job has been through. */
  shareDone(job: Job): number {
    const age = (job.stoppedAt ?? this.now()) - job.submittedAt;
    return Math.min(1, Math.max(0, (age - begins.InProgress) / (begins.end - begins.InProgress)));
  }

  endedAt(job: Job): number {
    if (job.stoppedAt !== undefined) return job.stoppedAt + stoppingMs;
    return job.submittedAt + (job.checked?.end === 'Failed' ? begins.Scheduled : begins.end);
  }
}
