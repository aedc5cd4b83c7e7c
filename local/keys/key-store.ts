import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { fetchFrom, putSecret, secretsClient } from '../../lambda/auth/secrets-manager.ts';
import { placeOf } from '../atomic-file.ts';

/** Where the command line keeps keys. */
export interface KeyStore {
  /** As messages name it. */
  name: string;
  /** undefined: there is nothing yet. */
  read(): Promise<string | undefined>;
  write(content: string): Promise<void>;
}

/** Written beside and moved into place, so that a server never reads half a file; readable by its owner only. */
export function fileStore(path: string): KeyStore {
  return {
    name: path,
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(content) {
      // Behind a link, so that whoever reads the file by its own name has it too.
      const place = await placeOf(path);
      const draft = `${place}.${randomUUID()}`;
      try {
        await writeFile(draft, content, { mode: 0o600 });
        await rename(draft, place);
      } finally {
        await rm(draft, { force: true });
      }
    },
  };
}

export function secretStore(arn: string): KeyStore {
  const client = secretsClient(arn);
  const fetchSecret = fetchFrom(client);
  return {
    name: arn,
    async read() {
      return (await fetchSecret(arn, 'AWSCURRENT').catch(noValueYet))?.text;
    },
    async write(content) {
      await putSecret(client, arn, content);
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
