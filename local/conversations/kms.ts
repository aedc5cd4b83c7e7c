import type { DecryptCommandOutput, GenerateDataKeyCommandOutput, KMSClient } from '@aws-sdk/client-kms';
import { once } from '../../lambda/once.ts';
import { type KeySource, SealError } from './seal.ts';

/**
 * A data key for each file, encrypted under a key in KMS
 * (https://docs.aws.amazon.com/kms/latest/developerguide/data-keys.html). The credentials are the SDK's own.
 */
export function kmsKeys(keyArn: string | undefined, client = createClients()): KeySource {
  return {
    async newKey() {
      if (keyArn === undefined)
        throw new SealError('no KMS key is set: gateway config set conversations.encryption kms:<key-arn>');
      const { GenerateDataKeyCommand } = await import('@aws-sdk/client-kms');
      const answer = await asking('kms:GenerateDataKey', keyArn, async () =>
        (await client(regionOf(keyArn))).send(
          new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: context }),
        ),
      );
      const { Plaintext: key, CiphertextBlob: blob, KeyId: id }: GenerateDataKeyCommandOutput = answer;
      if (!key || !blob) throw new SealError('KMS gave no data key');
      // An alias may lead elsewhere one day.
      return {
        key,
        found: { kind: 'kms', keyArn: id ?? keyArn, dataKey: Buffer.from(blob).toString('base64') },
      };
    },
    async keyOf(header) {
      if (header.kind !== 'kms') throw new SealError('it is not encrypted with KMS');
      const { DecryptCommand } = await import('@aws-sdk/client-kms');
      const answer = await asking('kms:Decrypt', header.keyArn, async () =>
        (await client(regionOf(header.keyArn))).send(
          new DecryptCommand({
            KeyId: header.keyArn,
            CiphertextBlob: Buffer.from(header.dataKey, 'base64'),
            EncryptionContext: context,
          }),
        ),
      );
      const { Plaintext: key }: DecryptCommandOutput = answer;
      if (!key) throw new SealError('KMS gave no data key');
      return key;
    },
  };
}

/** Bound to every data key, and in CloudTrail beside its use. */
const context = { application: 'bedrock-gateway', purpose: 'conversation' };

const regionOf = (keyArn: string): string => keyArn.split(':')[3] ?? '';

/** One client a region; the SDK is loaded when the first is needed. */
function createClients() {
  const clients = new Map<string, () => Promise<KMSClient>>();
  return (region: string): Promise<KMSClient> => {
    const known =
      clients.get(region) ??
      once(async () => {
        const { KMSClient } = await import('@aws-sdk/client-kms');
        return new KMSClient({ region, maxAttempts: 3 });
      });
    clients.set(region, known);
    return known();
  };
}

/** AWS's name of the failure, and what to do; not its message, which may name an account. */
async function asking<T>(action: string, keyArn: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    const key = `…/${keyArn.split('/').at(-1)}`;
    const todo = advice[name] ?? `check the key, the network and the permission ${action}`;
    throw new SealError(`KMS did not give the data key (${name}, key ${key}): ${todo}`, { cause: error });
  }
}

const advice: Record<string, string> = {
  AccessDeniedException: 'these credentials need kms:GenerateDataKey and kms:Decrypt on it',
  NotFoundException: 'the key is not there',
  DisabledException: 'the key is disabled',
  KMSInvalidStateException: 'the key cannot be used in its state',
  InvalidCiphertextException: 'the encrypted data key in the file was changed, or is of another key',
  IncorrectKeyException: 'the encrypted data key in the file is of another key',
  CredentialsProviderError: 'there are no AWS credentials',
};
