import { failureOf } from '../backends/call.ts';
import type { Bucket } from '../bedrock/s3.ts';
import { isObject, parseExactly, parseJson } from '../canonical/json.ts';
import type { JsonObject } from '../canonical/types.ts';
import type { GatewayError } from '../errors.ts';
import type { Target } from '../models/target.ts';
import { batchBounds } from './bounds.ts';
import { onBucket, storeError } from './failures.ts';
import { batchKeys } from './keys.ts';
import { linesOf } from './lines.ts';
import { type BatchState, jobId } from './stored.ts';

/** What has become of one request: in the order in which Bedrock wrote it, which is any. */
export type RecordResult = { job: number; position: number } & (
  | { modelOutput: JsonObject }
  | { failure: GatewayError }
  /** The job has ended without it. */
  | { unprocessed: true }
);

/** A record is written again with its answer. */
const outputLine = 3 * batchBounds.lineBytes;

/** What the jobs of a batch have come to, read while it is asked for; then the requests that they did not get to. */
export async function* resultsOf(
  bucket: Bucket,
  { owner, batch }: BatchState,
  signal: AbortSignal,
): AsyncGenerator<RecordResult, void> {
  const keys = batchKeys(owner, batch.kind, batch.stem);
  for (const [job, { arn, count }] of batch.jobs.entries()) {
    const seen = new Uint8Array(count);
    const found = await onBucket(() => bucket.get(keys.output(job, jobId(arn)), signal));
    try {
      for await (const { text } of found ? linesOf(found.body, Number.POSITIVE_INFINITY, outputLine) : []) {
        const result = await readRecord(text, job);
        // No id that is not ours, and none twice.
        if (!result || result.position >= count || seen[result.position] === 1) continue;
        seen[result.position] = 1;
        yield result;
      }
    } catch (error) {
      throw storeError(error);
    } finally {
      found?.body.destroy();
    }
    for (const [position, isSeen] of seen.entries())
      if (isSeen === 0) yield { job, position, unprocessed: true };
  }
}

/** `{recordId, modelInput, modelOutput}`, or an error in its place (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html). */
async function readRecord(text: string, job: number): Promise<RecordResult | undefined> {
  const record = parseJson(text, parseExactly)?.value;
  if (!isObject(record) || typeof record.recordId !== 'string' || !/^\d{1,11}$/.test(record.recordId))
    return undefined;
  const position = Number(record.recordId);
  if (isObject(record.modelOutput)) return { job, position, modelOutput: record.modelOutput as JsonObject };
  return { job, position, failure: await failureIn(isObject(record.error) ? record.error : {}) };
}

/** As if the request had been made by itself: its status says which exception that would have been. */
async function failureIn({ errorCode, errorMessage }: Record<string, unknown>): Promise<GatewayError> {
  const given = Number(errorCode);
  const status = given >= 400 && given < 600 ? given : 500;
  const message = typeof errorMessage === 'string' ? errorMessage : '';
  const thrown = Object.assign(new Error(message), {
    name: exceptions.get(status) ?? 'InternalServerException',
    $metadata: { httpStatusCode: status },
    $fault: status < 500 ? 'client' : 'server',
  });
  return failureOf(thrown, { target: { asked: 'batch' } as Target, signal: neverAborted });
}

const neverAborted = new AbortController().signal;

const exceptions: ReadonlyMap<number, string> = new Map([
  [400, 'ValidationException'],
  [403, 'AccessDeniedException'],
  [404, 'ResourceNotFoundException'],
  [408, 'ModelTimeoutException'],
  [424, 'ModelErrorException'],
  [429, 'ThrottlingException'],
  [503, 'ServiceUnavailableException'],
]);

/** The lines that say how each record's answer is to be read. */
export async function contextOf(
  bucket: Bucket,
  { owner, batch }: BatchState,
  job: number,
): Promise<string[]> {
  const keys = batchKeys(owner, batch.kind, batch.stem);
  const text = await onBucket(() => bucket.text(keys.context(job)));
  return text === undefined || text === '' ? [] : text.split('\n');
}
