import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { secretsClient } from '../../lambda/auth/secrets-manager.ts';
import type { KeyStore } from './key-store.ts';

/** The label of a version that is to become the current one. */
const draft = 'GATEWAY_DRAFT';
/** So many commands at once are more than anybody starts. */
const mostAttempts = 10;

/**
 * Keys in AWS Secrets Manager. A new version is written under a label of its own and becomes the current one only if the
 * version that it was made of still is: a label is moved from a version that has it, or not at all
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html). AWSPREVIOUS moves
 * with it.
 */
export function secretStore(arn: string): KeyStore {
  const client = secretsClient(arn);
  const current = () =>
    client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: 'AWSCURRENT' })).catch(noValueYet);
  const textOf = (value: Awaited<ReturnType<typeof current>>) =>
    value && (value.SecretString ?? Buffer.from(value.SecretBinary ?? []).toString('utf8'));

  /** Whether the content is now what was made of `before`; false where that is no longer the current version. */
  const replaced = async (before: { VersionId?: string | undefined }, content: string) => {
    const put = { SecretId: arn, SecretString: content, VersionStages: [draft] };
    const { VersionId, VersionStages } = await client.send(new PutSecretValueCommand(put));
    // The first version of a secret is the current one whatever label it is given.
    if (VersionStages?.includes('AWSCURRENT')) return true;
    try {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: arn,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: VersionId,
          RemoveFromVersionId: before.VersionId,
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof InvalidParameterException)) throw error;
      // A call whose answer was lost has been made twice: the second time the label is where it should be.
      return (await current())?.VersionId === VersionId;
    }
  };

  return {
    name: arn,
    read: async () => textOf(await current()),
    async change(make) {
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const before = await current();
        const content = make(textOf(before));
        if (await replaced(before ?? {}, content)) return;
      }
      throw new Error(
        `The secret ${arn} has been changed by others ${mostAttempts} times meanwhile. Try again.`,
      );
    },
  };
}

/**
 * A secret without a value and a secret that does not exist fail alike, but for the text
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
 */
function noValueYet(error: unknown): undefined {
  const hasNoValue =
    error instanceof ResourceNotFoundException && error.message.includes('staging label: AWSCURRENT');
  if (!hasNoValue) throw error;
}
