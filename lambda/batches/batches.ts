import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { failureOf } from '../backends/call.ts';
import { showable } from '../backends/errors/showable.ts';
import type { InvocationJobs, Job } from '../bedrock/invocation-jobs.ts';
import type { Bucket } from '../bedrock/s3.ts';
import { members, parseJson } from '../canonical/json.ts';
import type { RequestContext } from '../engine/types.ts';
import type { Target } from '../models/target.ts';
import { batchBounds } from './bounds.ts';
import { type Draft, startDraft } from './draft.ts';
import { onBucket } from './failures.ts';
import { createFileStore, type FileStore } from './files.ts';
import { openInput } from './input.ts';
import { type BatchKind, batchesOf, batchKeys, newStem, past, type ResultFile, type Stem } from './keys.ts';
import { meterJobs } from './meter.ts';
import { type PermitDeps, permitCaller, permitModel, throughProfiles } from './permit.ts';
import { contextOf, type RecordResult, resultsOf } from './results.ts';
import type { BatchSettings } from './settings.ts';
import { type BatchState, type BatchTokens, hasEnded, jobId, type StoredBatch } from './stored.ts';

/** Files and batches of all callers; each sees what is below his own name. Rejects with GatewayError. */
export interface Batches {
  readonly settings: BatchSettings;
  readonly files: FileStore;
  newStem(): Stem;
  /** Before anything is done for a batch. Rejects with a 400 or 503 where this caller can have none, with a 429 by his limits. */
  permitCaller(context: RequestContext): Promise<void>;
  permitModel(model: string, context: RequestContext): Promise<Target>;
  /** Of another bucket, by `s3://bucket/key`. */
  openInput(uri: string, context: RequestContext): Promise<IncomingMessage>;
  draft(owner: string, kind: BatchKind, context: RequestContext): Draft;
  /** A batch that has just been made. */
  fresh(owner: string, batch: StoredBatch): BatchState;
  /** Undefined where there is none. */
  find(owner: string, kind: BatchKind, stem: Stem): Promise<BatchState | undefined>;
  /** Newest first. */
  list(owner: string, kind: BatchKind, after: Stem | undefined, limit: number): Promise<BatchPage>;
  /** Those that come right before this one in the list. */
  listBefore(owner: string, kind: BatchKind, before: Stem, limit: number): Promise<BatchPage>;
  /** Asks Bedrock to stop what has not ended, and says how the batch is then. */
  cancel(state: BatchState): Promise<BatchState>;
  /** Everything of it. */
  remove(state: BatchState): Promise<void>;
  /** One file of its results; what Bedrock has written, which both are read from, goes with the last. */
  removeFile(state: BatchState, file: ResultFile, isLast: boolean): Promise<void>;
  isRemoved(state: BatchState, file: ResultFile): Promise<boolean>;
  /** Of what Bedrock has written; undefined where it is not there. */
  outputBytes(state: BatchState): Promise<number | undefined>;
  results(state: BatchState, signal: AbortSignal): AsyncGenerator<RecordResult, void>;
  context(state: BatchState, job: number): Promise<string[]>;
  /** Enters what the batch has spent into the request's trace: for the first who reads its results, and for no one else. */
  meter(state: BatchState, context: RequestContext): Promise<void>;
}

export interface BatchPage {
  states: BatchState[];
  hasMore: boolean;
}

export interface BatchesDeps extends PermitDeps {
  settings: BatchSettings;
  bucket: Bucket;
  /** Another bucket, for input. */
  otherBucket: (name: string) => Bucket;
  jobs: InvocationJobs;
  now: () => number;
}

/** Batches of a list that are looked at at once. */
const atOnce = 8;

export function createBatches(deps: BatchesDeps): Batches {
  const { bucket, settings, now } = deps;
  const jobs = withErrors(deps.jobs);
  const keysOf = ({ owner, batch }: BatchState) => batchKeys(owner, batch.kind, batch.stem);
  const save = (owner: string, batch: StoredBatch) =>
    onBucket(() =>
      bucket.put(batchKeys(owner, batch.kind, batch.stem).batch, Buffer.from(JSON.stringify(batch))),
    );
  const refreshed = async (owner: string, batch: StoredBatch): Promise<BatchState> => {
    if (batch.settled) return { owner, batch, ...batch.settled };
    const asked = await Promise.all(batch.jobs.map(({ arn }) => jobs.get(arn)));
    if (!asked.every(hasEnded)) return { owner, batch, jobs: asked };
    const settled = { jobs: asked, tokens: await countedTokens(bucket, owner, batch) };
    await save(owner, { ...batch, settled });
    return { owner, batch: { ...batch, settled }, ...settled };
  };
  const find = async (owner: string, kind: BatchKind, stem: Stem) => {
    const text = await onBucket(() => bucket.text(batchKeys(owner, kind, stem).batch));
    const batch = text === undefined ? undefined : parseJson(text)?.value;
    return batch ? refreshed(owner, batch as unknown as StoredBatch) : undefined;
  };
  const stemsOf = (owner: string, kind: BatchKind, startAfter: string | undefined, max: number) =>
    onBucket(async () => {
      const prefix = batchesOf(owner, kind);
      const { prefixes, truncated } = await bucket.list({ prefix, startAfter, max, delimiter: '/' });
      return { stems: prefixes.map((each) => each.slice(prefix.length, -1)), truncated };
    });
  const findAll = async (owner: string, kind: BatchKind, stems: readonly Stem[]): Promise<BatchState[]> => {
    const states: (BatchState | undefined)[] = [];
    for (let from = 0; from < stems.length; from += atOnce) {
      const some = stems.slice(from, from + atOnce).map((stem) => find(owner, kind, stem));
      states.push(...(await Promise.all(some)));
    }
    // One that is being written is not there yet.
    return states.filter((state) => state !== undefined);
  };
  const objectsOf = async (prefix: string) => (await bucket.list({ prefix })).objects;
  const removeAll = (prefix: string) =>
    onBucket(async () => {
      for (const { key } of await objectsOf(prefix)) await bucket.remove(key);
    });
  return {
    settings,
    files: createFileStore(bucket, { days: settings.days, now }),
    newStem: () => newStem(now(), randomBytes(8)),
    permitCaller: (context) => permitCaller(deps, context),
    permitModel: (model, context) => permitModel(deps, model, context),
    openInput: (uri, context) => openInput(deps, uri, context),
    draft(owner, kind, context) {
      const stem = newStem(now(), randomBytes(8));
      const create = (target: Target, make: (target: Target) => Promise<string>) =>
        throughProfiles(deps, target, context, (each) => asOf(each, context, () => make(each)));
      return startDraft({ bucket, settings, jobs: deps.jobs, now, create }, { owner, kind, stem }, context);
    },
    fresh: (owner, batch) => ({
      owner,
      batch,
      jobs: batch.jobs.map(() => ({ status: 'Submitted', submittedAt: batch.createdAt })),
    }),
    find,
    async list(owner, kind, after, limit) {
      const startAfter = after && past(batchKeys(owner, kind, after).folder);
      const { stems, truncated } = await stemsOf(owner, kind, startAfter, limit + 1);
      return {
        states: await findAll(owner, kind, stems.slice(0, limit)),
        hasMore: truncated || stems.length > limit,
      };
    },
    async listBefore(owner, kind, before, limit) {
      const earlier: Stem[] = [];
      let startAfter: string | undefined;
      // Names come in one direction only, so that whatever stands before it is looked through.
      while (earlier.length < batchBounds.listed) {
        const { stems, truncated } = await stemsOf(owner, kind, startAfter, 1000);
        const wanted = stems.filter((stem) => stem < before);
        earlier.push(...wanted);
        const last = stems.at(-1);
        if (!truncated || last === undefined || wanted.length < stems.length) break;
        startAfter = past(batchKeys(owner, kind, last).folder);
      }
      return { states: await findAll(owner, kind, earlier.slice(-limit)), hasMore: earlier.length > limit };
    },
    async cancel(state) {
      const { owner, batch } = state;
      const running = batch.jobs.filter((_, i) => !hasEnded(state.jobs[i]!));
      if (running.length === 0) return state;
      await Promise.all(running.map(({ arn }) => jobs.stop(arn)));
      const cancelled = { ...batch, cancelledAt: batch.cancelledAt ?? now() };
      await save(owner, cancelled);
      return refreshed(owner, cancelled);
    },
    remove: (state) => removeAll(keysOf(state).folder),
    async removeFile(state, file, isLast) {
      await onBucket(() => bucket.put(keysOf(state).removed(file), Buffer.from('{}')));
      if (isLast) await removeAll(keysOf(state).outputFolder);
    },
    isRemoved: async (state, file) =>
      (await onBucket(() => bucket.text(keysOf(state).removed(file)))) !== undefined,
    outputBytes: (state) =>
      onBucket(async () => {
        const written = (await objectsOf(keysOf(state).outputFolder)).filter(({ key }) =>
          key.endsWith('.jsonl.out'),
        );
        return written.length === 0 ? undefined : written.reduce((sum, { size }) => sum + size, 0);
      }),
    results: (state, signal) => resultsOf(bucket, state, signal),
    context: (state, job) => contextOf(bucket, state, job),
    async meter(state, { trace }) {
      const isFirst = () => bucket.put(keysOf(state).metered, Buffer.from('{}'), { onlyNew: true });
      if (await onBucket(isFirst)) meterJobs(state, trace, now());
    },
  };
}

/** What Bedrock has counted, by the summary that each job leaves; one that failed at once leaves none. */
async function countedTokens(
  bucket: Bucket,
  owner: string,
  batch: StoredBatch,
): Promise<(BatchTokens | null)[]> {
  const keys = batchKeys(owner, batch.kind, batch.stem);
  return Promise.all(
    batch.jobs.map(async ({ arn }) => {
      const text = await onBucket(() => bucket.text(keys.summary(jobId(arn))));
      const { inputTokenCount: input, outputTokenCount: output } = members(text && parseJson(text)?.value);
      return typeof input === 'number' && typeof output === 'number' ? { input, output } : null;
    }),
  );
}

/** What went wrong with a call for a target → GatewayError. */
async function asOf<T>(target: Target, { lifetime }: RequestContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await failureOf(error, { target, signal: lifetime.signal });
  }
}

/** Questions about jobs name no model. One that has ended meanwhile need not be stopped. */
function withErrors(jobs: InvocationJobs): Pick<InvocationJobs, 'get' | 'stop'> {
  const target = { asked: 'batch' } as Target;
  const asError = (error: unknown) => failureOf(error, { target, signal: new AbortController().signal });
  return {
    async get(arn): Promise<Job> {
      try {
        const job = await jobs.get(arn);
        // It is written for the owner of the account.
        return { ...job, message: job.message && showable(job.message, () => false) };
      } catch (error) {
        throw await asError(error);
      }
    },
    async stop(arn) {
      try {
        await jobs.stop(arn);
      } catch (error) {
        if (error instanceof Error && error.name === 'ConflictException') return;
        throw await asError(error);
      }
    },
  };
}
