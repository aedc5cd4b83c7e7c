import * as v from 'valibot';
import { isRegion } from '../aws/regions.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';

/** The optional part of the stack that batches are made with, as the setting BATCHES names it. */
export interface BatchSettings {
  bucket: string;
  /** Of the bucket and of every job. */
  region: string;
  /** The role that Bedrock takes on for a job. */
  roleArn: string;
  /** Days that the bucket's lifecycle keeps what is in it. */
  days: number;
  /** `bucket/prefix` of other buckets that input may be read from; `{key}` in it stands for the name of the caller's key. */
  inputs: readonly string[];
}

const schema = v.looseObject({
  bucket: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
  region: v.pipe(v.string(), v.check(isRegion)),
  roleArn: v.pipe(v.string(), v.regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/)),
  days: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/), v.transform(Number)), '30'),
  inputs: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(',').filter((each) => each !== '')),
    ),
    '',
  ),
});

/** Throws a 503 where the gateway has been deployed without, or the setting cannot be used. */
export function batchSettings({ batches }: Pick<Config, 'batches'>): BatchSettings {
  if (Object.keys(batches).length === 0) {
    throw unavailable(
      'Files and batches are not set up on this gateway. Its operator switches them on with the setting `batches`.',
    );
  }
  const read = v.safeParse(schema, batches);
  if (read.success) return read.output;
  const members = read.issues.map((issue) => v.getDotPath(issue)).join(', ');
  throw unavailable(
    `Files and batches are not set up rightly on this gateway: its operator finds the fault in \`${members}\` of the setting BATCHES.`,
  );
}

/** What this deployment, or its account, does not offer. */
export function unavailable(message: string): GatewayError {
  return new GatewayError({ status: 503, reason: 'unsupported', code: 'feature_unavailable', message });
}
