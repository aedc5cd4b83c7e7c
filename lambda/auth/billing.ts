import type { AssumedRole, Billing } from '../backends/backend.ts';
import type { KeyRecord } from './key-record.ts';

/** A Bedrock project, by its id, its ARN, or the word for the account's default one. */
export const projectIdentifier =
  /^(?:default|proj_[A-Za-z0-9]{1,64}|arn:[\w-]+:bedrock(?:-mantle)?:[a-z0-9-]{1,20}:\d{12}:project\/(?:default|proj_[A-Za-z0-9]{1,64}))$/;
/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_InferenceProfileSummary.html */
export const applicationProfile =
  /^arn:[\w-]+:bedrock:[a-z0-9-]{1,20}:\d{12}:application-inference-profile\/[a-zA-Z0-9-:.]{1,64}$/;

/** What a key's record says of AWS's bill; undefined: nothing. */
export function billingOf(record: KeyRecord): Billing | undefined {
  const { awsRoleArn, projectIdentifier: project, profiles } = record;
  if (awsRoleArn === undefined && project === undefined && profiles === undefined) return undefined;
  return {
    ...(awsRoleArn !== undefined && { role: roleOf(record, awsRoleArn) }),
    ...(project !== undefined && { project }),
    ...(profiles && { profiles }),
  };
}

/** Every character that the name of a session may not have, and the least and most that it has. */
const foreign = /[^\w+=,.@-]/g;
const [shortest, longest] = [2, 64];

/**
 * The session is named like the key, as far as AWS allows; its tags have the names in full: whatever a key may be called
 * may stand in a tag. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function roleOf({ name, team }: KeyRecord, arn: string): AssumedRole {
  return {
    arn,
    session: name.replace(foreign, '-').slice(0, longest).padEnd(shortest, '-'),
    tags: { key: name, ...(team !== undefined && { team }) },
  };
}
