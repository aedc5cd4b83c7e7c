import type { InvocationJobs } from '../bedrock/invocation-jobs.ts';
import type { Bucket } from '../bedrock/s3.ts';
import { wellFormedJson } from '../canonical/well-formed.ts';
import { type JobType, jobTypeOf } from '../engine/batch-record.ts';
import type { RequestContext } from '../engine/types.ts';
import { GatewayError } from '../errors.ts';
import type { Target } from '../models/target.ts';
import { batchBounds } from './bounds.ts';
import { onBucket } from './failures.ts';
import { type BatchKind, batchKeys, type Stem } from './keys.ts';
import { tooLarge } from './lines.ts';
import { RecordWriter } from './record-writer.ts';
import type { BatchSettings } from './settings.ts';
import type { StoredBatch, StoredJob } from './stored.ts';

/** A batch that is being written: nothing is asked of Bedrock before `submit`. */
export interface Draft {
  readonly stem: Stem;
  /** A job for one model; the records that go into it are numbered from 0. */
  job(target: Target): JobDraft;
  /** Makes the jobs, and writes down what the batch is. Rejects with GatewayError; no job is left then. */
  submit(facts: Pick<StoredBatch, 'endpoint' | 'inputFile' | 'metadata'>): Promise<StoredBatch>;
  /** Takes back what has been written. */
  abandon(): Promise<void>;
}

export interface JobDraft {
  readonly target: Target;
  readonly type: JobType;
  readonly count: number;
  /** `context`: a line that says how the answer is to be read. `before`: lines that this one refers to. */
  add(modelInput: object, context: string, before?: readonly string[]): Promise<void>;
}

export interface DraftDeps {
  bucket: Bucket;
  settings: BatchSettings;
  jobs: InvocationJobs;
  now: () => number;
  /** Makes a job for the model, and for another profile of it where Bedrock wants that. */
  create(target: Target, make: (target: Target) => Promise<string>): Promise<{ arn: string; target: Target }>;
}

/** Hours that a job has: Bedrock's least, and what both clients' APIs promise. */
const hours = 24;
/** Milliseconds before the request's own end in which jobs are still made. */
const reserveMs = 15_000;

export function startDraft(
  deps: DraftDeps,
  { owner, kind, stem }: { owner: string; kind: BatchKind; stem: Stem },
  context: RequestContext,
): Draft {
  const { bucket, settings } = deps;
  const keys = batchKeys(owner, kind, stem);
  const drafts: OpenJob[] = [];
  let contextBytes = 0;
  const spend = (bytes: number) => {
    contextBytes += bytes;
    if (contextBytes > batchBounds.contextBytes)
      throw tooLarge(
        `The tools and formats of its requests together have more than ${batchBounds.contextBytes} bytes`,
      );
    context.lifetime.signal.throwIfAborted();
    if (deps.now() > context.lifetime.deadline - reserveMs) throw outOfTime();
  };
  const made: StoredJob[] = [];
  const abandon = async () => {
    const all = drafts.flatMap((job) => [
      job.writer.abandon(),
      bucket.remove(keys.input(job.index)),
      bucket.remove(keys.context(job.index)),
    ]);
    await Promise.allSettled([...all, ...made.map(({ arn }) => deps.jobs.stop(arn))]);
  };
  return {
    stem,
    job(target) {
      const job = new OpenJob(
        drafts.length,
        target,
        new RecordWriter(bucket, keys.input(drafts.length)),
        spend,
      );
      drafts.push(job);
      return job;
    },
    async submit(facts) {
      await onBucket(async () => {
        for (const job of drafts) {
          await job.writer.close();
          await bucket.put(keys.context(job.index), Buffer.from(job.context.join('\n')));
        }
      });
      const uri = (key: string) => `s3://${settings.bucket}/${key}`;
      for (const { index, type, count, target } of drafts) {
        const job = await deps.create(target, ({ id }) =>
          deps.jobs.create({
            name: `gateway-${stem}-${index}`,
            modelId: id,
            type,
            roleArn: settings.roleArn,
            input: uri(keys.input(index)),
            output: uri(keys.outputFolder),
            hours,
            tags: tagsOf(context),
          }),
        );
        made.push({ ...job, type, count });
      }
      const batch: StoredBatch = { kind, stem, createdAt: deps.now(), ...facts, jobs: made };
      await onBucket(() => bucket.put(keys.batch, Buffer.from(JSON.stringify(batch))));
      return batch;
    },
    abandon,
  };
}

class OpenJob implements JobDraft {
  readonly index: number;
  readonly target: Target;
  readonly type: JobType;
  readonly writer: RecordWriter;
  readonly context: string[] = [];
  readonly #spend: (bytes: number) => void;
  count = 0;

  constructor(index: number, target: Target, writer: RecordWriter, spend: (bytes: number) => void) {
    this.index = index;
    this.target = target;
    this.type = jobTypeOf(target);
    this.writer = writer;
    this.#spend = spend;
  }

  async add(modelInput: object, context: string, before: readonly string[] = []): Promise<void> {
    for (const line of [...before, context]) {
      this.#spend(line.length);
      this.context.push(line);
    }
    const recordId = recordIdOf(this.count);
    this.count += 1;
    await onBucket(() => this.writer.add(wellFormedJson({ recordId, modelInput })));
  }
}

/** Bedrock's ids have eleven letters or digits. */
export const recordIdOf = (position: number): string => String(position).padStart(11, '0');

/** Who has spent it, for cost allocation: of a job, tags are what request metadata are of a call. */
function tagsOf({ caller: { principal }, requestId }: RequestContext) {
  const tags = {
    'bedrock-gateway-key': principal.name,
    'bedrock-gateway-request': requestId,
    ...principal.metadata,
  };
  return Object.entries(tags)
    .filter(([key, value]) => taggable.test(key) && taggable.test(value) && !/^aws:/i.test(key))
    .map(([key, value]) => ({ key: key.slice(0, 128), value }));
}
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Tag.html */
const taggable = /^[a-zA-Z0-9\s._:/=+@-]{1,256}$/;

const outOfTime = () =>
  new GatewayError({
    status: 504,
    reason: 'deadline',
    code: 'deadline_exceeded',
    message:
      'The batch could not be written in the time that a request has. Send fewer requests in one batch.',
  });
