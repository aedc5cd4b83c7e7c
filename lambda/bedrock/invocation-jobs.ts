import type { BedrockClient } from '@aws-sdk/client-bedrock';
import { bounded } from './bounded.ts';

/** A job of batch inference to be made (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html). */
export interface NewJob {
  /** The same name and token: the same job. */
  name: string;
  modelId: string;
  type: 'InvokeModel' | 'Converse';
  roleArn: string;
  /** `s3://…` of one JSONL object. */
  input: string;
  /** `s3://…/`: what the job writes is below it, in a folder that is called by the job's id. */
  output: string;
  /** 24 to 168. */
  hours: number;
  tags: readonly { key: string; value: string }[];
}

export const jobStatuses = [
  'Submitted',
  'Validating',
  'Scheduled',
  'InProgress',
  'Completed',
  'PartiallyCompleted',
  'Failed',
  'Stopping',
  'Stopped',
  'Expired',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** A job as Bedrock tells of it. Times are epoch milliseconds; counts are absent until there are some. */
export interface Job {
  status: JobStatus;
  message?: string | undefined;
  submittedAt: number;
  modifiedAt?: number | undefined;
  endedAt?: number | undefined;
  expiresAt?: number | undefined;
  total?: number | undefined;
  processed?: number | undefined;
  succeeded?: number | undefined;
  failed?: number | undefined;
}

/** Jobs of batch inference in one region. Rejects with the SDK's own errors, and with a TimeoutError. */
export interface InvocationJobs {
  /** Returns the job's ARN. */
  create(job: NewJob): Promise<string>;
  get(arn: string): Promise<Job>;
  stop(arn: string): Promise<void>;
}

const requestMs = 20_000;

export function invocationJobs(client: () => Promise<BedrockClient>): InvocationJobs {
  const sdk = () => import('@aws-sdk/client-bedrock');
  return {
    create: (job) =>
      bounded(requestMs, async (abortSignal) => {
        const { CreateModelInvocationJobCommand } = await sdk();
        const command = new CreateModelInvocationJobCommand({
          jobName: job.name,
          clientRequestToken: job.name,
          roleArn: job.roleArn,
          modelId: job.modelId,
          modelInvocationType: job.type,
          inputDataConfig: { s3InputDataConfig: { s3Uri: job.input, s3InputFormat: 'JSONL' } },
          outputDataConfig: { s3OutputDataConfig: { s3Uri: job.output } },
          timeoutDurationInHours: job.hours,
          tags: [...job.tags],
        });
        const { jobArn } = await (await client()).send(command, { abortSignal });
        if (jobArn === undefined) throw new Error('CreateModelInvocationJob has answered without an ARN');
        return jobArn;
      }),
    get: (jobIdentifier) =>
      bounded(requestMs, async (abortSignal) => {
        const { GetModelInvocationJobCommand } = await sdk();
        const found = await (await client()).send(new GetModelInvocationJobCommand({ jobIdentifier }), {
          abortSignal,
        });
        return {
          status: found.status ?? 'Submitted',
          message: found.message,
          submittedAt: found.submitTime?.getTime() ?? 0,
          modifiedAt: found.lastModifiedTime?.getTime(),
          endedAt: found.endTime?.getTime(),
          expiresAt: found.jobExpirationTime?.getTime(),
          total: found.totalRecordCount,
          processed: found.processedRecordCount,
          succeeded: found.successRecordCount,
          failed: found.errorRecordCount,
        };
      }),
    stop: (jobIdentifier) =>
      bounded(requestMs, async (abortSignal) => {
        const { StopModelInvocationJobCommand } = await sdk();
        await (await client()).send(new StopModelInvocationJobCommand({ jobIdentifier }), { abortSignal });
      }),
  };
}
