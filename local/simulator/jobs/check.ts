import { directivesIn } from '../scenarios/directives.ts';
import type { World } from '../world.ts';
import type { InputRecord, Job, JobEnd } from './store.ts';

const fewest = 100;
const most = 50_000;

/** Ends that a record may ask for: `[[batch:partial]]`. */
const endings: ReadonlyMap<string, JobEnd> = new Map([
  ['partial', 'PartiallyCompleted'],
  ['expire', 'Expired'],
  ['fail', 'Failed'],
]);

/** Looks at a job's input, as Bedrock does while it is validating. */
export function checkInput(job: Job, world: World): NonNullable<Job['checked']> {
  const failed = (message: string) => ({ end: 'Failed' as const, message, records: [] });
  const text = textAt(job.request.inputDataConfig.s3InputDataConfig.s3Uri, world);
  if (text === undefined)
    return failed('The S3 location of the input could not be read by the service role.');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const records: InputRecord[] = [];
  for (const [i, line] of lines.entries()) {
    const record = recordIn(line);
    if (!record) return failed(`Record ${i + 1} of the input is not a JSON object with a modelInput.`);
    records.push(record);
  }
  if (records.length < fewest)
    return failed(
      `Batch job ${job.arn} contains less records (${records.length}) than the required minimum of: ${fewest}`,
    );
  if (records.length > most)
    return failed(
      `Batch job ${job.arn} contains more records (${records.length}) than the allowed maximum of: ${most}`,
    );
  if (new Set(records.map(({ recordId }) => recordId)).size < records.length)
    return failed('The recordIds of the input are not unique.');
  const asked = directivesIn(text).find(({ name }) => name === 'batch')?.args[0] ?? '';
  const end = endings.get(asked) ?? 'Completed';
  if (end === 'Failed') return failed(`The role ${job.request.roleArn} could not be assumed.`);
  return { end, records };
}

function recordIn(line: string): InputRecord | undefined {
  try {
    const record = JSON.parse(line);
    const isRecord = typeof record?.modelInput === 'object' && record.modelInput !== null;
    return isRecord && typeof record.recordId === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}

/** As the service role reads it. */
function textAt(uri: string, { buckets }: World): string | undefined {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  try {
    return buckets.get(bucket, key).body.toString();
  } catch {
    return undefined;
  }
}
