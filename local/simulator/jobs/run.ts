import { createHash } from 'node:crypto';
import { BedrockError, invalid } from '../errors.ts';
import { findModel } from '../models/find.ts';
import type { Call, Reply } from '../operation.ts';
import { operations } from '../operations.ts';
import type { World } from '../world.ts';
import type { InputRecord, Job } from './store.ts';

type Result =
  | { modelOutput: Record<string, unknown> }
  | { error: { errorCode: number; errorMessage: string } };

/** Has the model answer the records that the job got to, and writes what it came to where the job was told to. */
export function runRecords(job: Job, records: readonly InputRecord[], processed: number, world: World) {
  const done = records.slice(0, processed).map((record) => ({ ...record, ...answerTo(record, job, world) }));
  const succeeded = done.filter((each) => 'modelOutput' in each);
  const { s3Uri: input } = job.request.inputDataConfig.s3InputDataConfig;
  const { s3Uri: output } = job.request.outputDataConfig.s3OutputDataConfig;
  const [, bucket = '', folder = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(output) ?? [];
  const base = `${folder.replace(/\/?$/, folder === '' ? '' : '/')}${job.arn.split('/').at(-1)}/`;
  const lines = done.toSorted(byChance).map((each) => `${JSON.stringify(each)}\n`);
  world.buckets.put(bucket, `${base}${input.split('/').at(-1)}.out`, Buffer.from(lines.join('')));
  const tokens = succeeded.map(({ modelOutput }) => tokensOf(modelOutput as Record<string, unknown>));
  const counts = {
    totalRecordCount: records.length,
    processedRecordCount: processed,
    successRecordCount: succeeded.length,
    errorRecordCount: processed - succeeded.length,
    inputTokenCount: tokens.reduce((sum, { input }) => sum + input, 0),
    outputTokenCount: tokens.reduce((sum, { output }) => sum + output, 0),
  };
  world.buckets.put(bucket, `${base}manifest.json.out`, Buffer.from(JSON.stringify(counts)));
  return {
    total: records.length,
    processed,
    succeeded: succeeded.length,
    failed: processed - succeeded.length,
  };
}

/** Records come out in any order. */
const byChance = ({ recordId: one }: InputRecord, { recordId: other }: InputRecord): number =>
  order(one) < order(other) ? -1 : 1;
const order = (id: string): string => createHash('md5').update(id).digest('hex');

function answerTo({ modelInput }: InputRecord, job: Job, world: World): Result {
  try {
    return { modelOutput: outputOf(modelInput, job, world) };
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    return { error: { errorCode: error.status, errorMessage: error.message } };
  }
}

function outputOf(modelInput: Record<string, unknown>, { region, request }: Job, world: World) {
  const isConverse = request.modelInvocationType === 'Converse';
  refuseOutside(modelInput, isConverse);
  const operation = isConverse ? 'converse' : 'invoke';
  const call: Call = {
    operation,
    modelId: request.modelId,
    model: findModel(request.modelId, region, world),
    body: modelInput,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    region,
    world,
  };
  const reply = operations[operation]?.(call);
  const output = reply && bodyOf(reply);
  if (!output)
    throw new BedrockError('InternalServerException', 'The system encountered an unexpected error.');
  return output;
}

/** What jobs take less of than the operations: in AWS's documentation, its words are not known. */
function refuseOutside(modelInput: Record<string, unknown>, isConverse: boolean): void {
  const text = JSON.stringify(modelInput);
  if (isConverse && modelInput.toolConfig !== undefined)
    throw invalid('toolConfig is not supported for batch inference with the Converse invocation type.');
  if (modelInput.guardrailConfig !== undefined || /"guardContent":/.test(text))
    throw invalid('Guardrails are not supported for batch inference.');
  if (/"(?:cachePoint|cache_control)":\{/.test(text))
    throw invalid('Prompt caching is not supported for batch inference.');
  for (const name of ['modelId', 'stream', 'requestMetadata', 'serviceTier', 'performanceConfig'])
    if (modelInput[name] !== undefined) throw invalid(`${name}: Extra inputs are not permitted`);
}

/** The whole body of a reply; a scenario that breaks off leaves none. */
function bodyOf(reply: Reply): Record<string, unknown> | undefined {
  const bytes = [...reply.steps].flatMap((step) => ('bytes' in step ? [Buffer.from(step.bytes)] : []));
  try {
    return reply.status === 200 ? JSON.parse(Buffer.concat(bytes).toString()) : undefined;
  } catch {
    return undefined;
  }
}

function tokensOf({ usage }: Record<string, unknown>): { input: number; output: number } {
  const counts = (usage ?? {}) as Record<string, number | undefined>;
  return {
    input: counts.inputTokens ?? counts.input_tokens ?? 0,
    output: counts.outputTokens ?? counts.output_tokens ?? 0,
  };
}
