import type { ControlCall, ControlOperation } from '../control/operation.ts';
import { page } from '../control/page.ts';
import { BedrockError, invalid } from '../errors.ts';
import { findModel } from '../models/find.ts';
import type { World } from '../world.ts';
import { checkInput } from './check.ts';
import { runRecords } from './run.ts';
import type { Job, JobRequest, JobStatus } from './store.ts';

/** Jobs of batch inference (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html). */
export const invocationJobOperations: ControlOperation[] = [
  { name: 'CreateModelInvocationJob', method: 'POST', path: ['model-invocation-job'], run: create },
  {
    name: 'GetModelInvocationJob',
    method: 'GET',
    path: ['model-invocation-job', '*'],
    run: ({ parameter, region, world }) => described(world.jobs.find(parameter, region), world),
  },
  {
    name: 'StopModelInvocationJob',
    method: 'POST',
    path: ['model-invocation-job', '*', 'stop'],
    run: ({ parameter, region, world }) =>
      stop(world.jobs.find(parameter.replace(/\/stop$/, ''), region), world),
  },
  {
    name: 'ListModelInvocationJobs',
    method: 'GET',
    path: ['model-invocation-jobs'],
    run({ query, region, world }) {
      const all = world.jobs.all().filter((job) => job.region === region);
      const { items, nextToken } = page(all, query, world);
      return { invocationJobSummaries: items.map((job) => described(job, world)), nextToken };
    },
  },
];

const patterns = {
  jobName: /^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}$/,
  clientRequestToken: /^[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}$/,
  roleArn: /^arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+$/,
};
const s3Uri = /^s3:\/\/[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9](\/.*)?$/;
const tagText = /^[a-zA-Z0-9\s._:/=+@-]*$/;

/** Kinds of models that jobs are not made of, and makers whose models are not offered (the list of the user guide). */
const notOffered: ReadonlySet<string> = new Set([
  'imported',
  'provisioned',
  'router',
  'marketplace',
  'scenario',
]);
const notOfferedIds = /^(?:openai\.gpt-(?!oss)|xai\.)/;

function create({ body, region, world }: ControlCall) {
  const request = (body ?? {}) as JobRequest;
  checkRequest(request, world);
  const model = findModel(request.modelId, region, world);
  if (notOffered.has(model.kind) || notOfferedIds.test(model.id) || model.id.includes('rerank'))
    throw invalid('The provided model is not supported for batch inference.');
  const { jobName, clientRequestToken } = request;
  const same = world.jobs.all().find((job) => job.region === region && job.request.jobName === jobName);
  if (same) {
    if (clientRequestToken && same.request.clientRequestToken === clientRequestToken)
      return { jobArn: same.arn };
    throw new BedrockError(
      'ConflictException',
      `A model invocation job with the name ${jobName} already exists.`,
    );
  }
  return { jobArn: world.jobs.add(request, region, world.account).arn };
}

function checkRequest(request: JobRequest, { account }: World): void {
  const {
    jobName = '',
    roleArn = '',
    clientRequestToken,
    inputDataConfig,
    outputDataConfig,
    tags = [],
  } = request;
  const wrong = (value: unknown, member: string, what: string) =>
    invalid(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${what}`,
    );
  if (jobName.length > 63 || !patterns.jobName.test(jobName))
    throw wrong(jobName, 'jobName', `satisfy regular expression pattern: ${patterns.jobName.source}`);
  if (clientRequestToken !== undefined && !patterns.clientRequestToken.test(clientRequestToken))
    throw wrong(
      clientRequestToken,
      'clientRequestToken',
      `satisfy regular expression pattern: ${patterns.clientRequestToken.source}`,
    );
  if (patterns.roleArn.exec(roleArn)?.[2] !== account)
    throw wrong(roleArn, 'roleArn', `satisfy regular expression pattern: ${patterns.roleArn.source}`);
  const input = inputDataConfig?.s3InputDataConfig;
  const output = outputDataConfig?.s3OutputDataConfig;
  if (!s3Uri.test(input?.s3Uri ?? ''))
    throw wrong(input?.s3Uri, 'inputDataConfig.s3InputDataConfig.s3Uri', 'be an S3 URI');
  if (!s3Uri.test(output?.s3Uri ?? ''))
    throw wrong(output?.s3Uri, 'outputDataConfig.s3OutputDataConfig.s3Uri', 'be an S3 URI');
  const { timeoutDurationInHours: hours = 24, modelInvocationType: type = 'InvokeModel' } = request;
  if (!Number.isInteger(hours) || hours < 24 || hours > 168)
    throw wrong(
      hours,
      'timeoutDurationInHours',
      hours < 24 ? 'have value greater than or equal to 24' : 'have value less than or equal to 168',
    );
  if (!['InvokeModel', 'Converse'].includes(type))
    throw wrong(type, 'modelInvocationType', 'satisfy enum value set: [InvokeModel, Converse]');
  if (tags.length > 200) throw wrong(`${tags.length} tags`, 'tags', 'have length less than or equal to 200');
  for (const { key, value } of tags) {
    if (!tagText.test(key) || key.length < 1 || key.length > 128)
      throw wrong(key, 'tags.1.member.key', `satisfy regular expression pattern: ${tagText.source}`);
    if (!tagText.test(value) || value.length > 256)
      throw wrong(value, 'tags.1.member.value', `satisfy regular expression pattern: ${tagText.source}`);
  }
}

function stop(job: Job, world: World) {
  const { status } = stateOf(job, world);
  if (!['Submitted', 'Validating', 'Scheduled', 'InProgress'].includes(status))
    throw new BedrockError(
      'ConflictException',
      `The model invocation job is in the ${status} state and cannot be stopped.`,
    );
  job.stoppedAt = world.jobs.now();
  return {};
}

/** How a job stands by the clock; what has to be done for that (its input read, its records answered) is done now, once. */
function stateOf(job: Job, world: World): { status: JobStatus; message?: string | undefined } {
  const { jobs } = world;
  if (jobs.phaseOf(job) === 'Submitted' || jobs.phaseOf(job) === 'Validating')
    return { status: jobs.phaseOf(job) as JobStatus };
  job.checked ??= checkInput(job, world);
  const { end, message, records } = job.checked;
  const phase = jobs.phaseOf(job);
  if (phase === 'Failed') return { status: 'Failed', message };
  if (phase !== 'ended' && phase !== 'Stopped') return { status: phase };
  const share = phase === 'Stopped' ? jobs.shareDone(job) : end === 'Completed' ? 1 : 0.5;
  job.done ??= runRecords(job, records, Math.floor(share * records.length), world);
  return { status: phase === 'Stopped' ? 'Stopped' : end };
}

function described(job: Job, world: World) {
  const { status, message } = stateOf(job, world);
  const { jobs } = world;
  const { tags: _, clientRequestToken, ...request } = job.request;
  const time = (ms: number) => new Date(ms).toISOString();
  const ended = job.done !== undefined || status === 'Failed';
  const hours = request.timeoutDurationInHours ?? 24;
  return {
    jobArn: job.arn,
    ...request,
    ...(clientRequestToken && { clientRequestToken }),
    status,
    ...(message && { message }),
    submitTime: time(job.submittedAt),
    lastModifiedTime: time(ended ? jobs.endedAt(job) : (job.stoppedAt ?? jobs.now())),
    ...(ended && { endTime: time(jobs.endedAt(job)) }),
    timeoutDurationInHours: hours,
    jobExpirationTime: time(job.submittedAt + hours * 3_600_000),
    ...countsOf(job, status, world),
  };
}

function countsOf(job: Job, status: JobStatus, { jobs }: World) {
  if (job.done) {
    const { total, processed, succeeded, failed } = job.done;
    return {
      totalRecordCount: total,
      processedRecordCount: processed,
      successRecordCount: succeeded,
      errorRecordCount: failed,
    };
  }
  if (status !== 'InProgress') return {};
  const total = job.checked?.records.length ?? 0;
  const processed = Math.floor(total * jobs.shareDone(job));
  return {
    totalRecordCount: total,
    processedRecordCount: processed,
    successRecordCount: processed,
    errorRecordCount: 0,
  };
}
