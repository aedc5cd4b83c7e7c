import type { Config } from '../config.ts';
import type { DigestedKey } from './digest.ts';
import { parseKeys, singleKeys } from './parse-keys.ts';
import type { FetchSecret, SecretVersion } from './secrets-manager.ts';

/** A place where keys are kept. Rejects when it cannot be read or is in no known form. */
export interface KeySource {
  /** For the log. */
  name: string;
  read(): Promise<DigestedKey[]>;
}

export interface SourceOptions {
  clock: () => number;
  fetchSecret: FetchSecret;
  /** Called with key records that cannot be used. */
  onProblem: (source: string, problem: string) => void;
}

export type KeySettings = Pick<Config, 'apiKey' | 'apiKeySecretArn' | 'apiKeyFile' | 'apiKeyTtlMs'>;

/** How long a key that was rotated away still opens, so that its users can change over: a day. */
export const rotationGraceMs = 24 * 60 * 60 * 1000;

/** The sources that the settings name, none for none. */
export function keySources(settings: KeySettings, options: SourceOptions): KeySource[] {
  const sources: KeySource[] = [];
  const { apiKey, apiKeyFile, apiKeySecretArn } = settings;
  if (apiKey !== undefined) {
    const keys = singleKeys(apiKey);
    sources.push({ name: 'API_KEY', read: async () => keys });
  }
  if (apiKeyFile !== undefined) sources.push(fileSource(apiKeyFile, options));
  if (apiKeySecretArn !== undefined) sources.push(secretSource(apiKeySecretArn, options));
  return sources;
}

function fileSource(path: string, options: SourceOptions): KeySource {
  const name = 'API_KEY_FILE';
  const read = async () => {
    const { readFile } = await import('node:fs/promises');
    return parsed(await readFile(path, 'utf8'), name, options);
  };
  return { name, read };
}

function secretSource(arn: string, options: SourceOptions): KeySource {
  const name = 'API_KEY_SECRET_ARN';
  const read = async () => {
    const [current, previous] = await Promise.all([
      options.fetchSecret(arn, 'AWSCURRENT'),
      // A secret that was never rotated has no such version; nobody is locked out for want of it.
      options.fetchSecret(arn, 'AWSPREVIOUS').catch(() => undefined),
    ]);
    if (!current) throw new Error('The secret has no current version.');
    const keys = parsed(current.text, name, options);
    return [...keys, ...rotatedAway(keys, current, previous, options.clock())];
  };
  return { name, read };
}

function parsed(content: string, source: string, options: SourceOptions): DigestedKey[] {
  const { keys, problems } = parseKeys(content);
  for (const problem of problems) options.onProblem(source, problem);
  return keys;
}

/**
 * Keys of the version before, for those that were given a new value under the same name. They may do what
 * the key may do now. One that was removed or revoked in the current version is not brought back by this.
 */
function rotatedAway(
  keys: DigestedKey[],
  current: SecretVersion,
  previous: SecretVersion | undefined,
  now: number,
): DigestedKey[] {
  const over = current.createdAt !== undefined && now - current.createdAt > rotationGraceMs;
  if (!previous || over) return [];
  const heirs = new Map(keys.filter((key) => !key.revoked).map((key) => [key.principal.name, key]));
  return parseOr(previous.text, []).flatMap((old) => {
    const heir = heirs.get(old.principal.name);
    if (!heir || old.revoked) return [];
    const expiresAt = Math.min(
      old.expiresAt ?? Number.POSITIVE_INFINITY,
      heir.expiresAt ?? Number.POSITIVE_INFINITY,
    );
    return [{ ...heir, digest: old.digest, expiresAt }];
  });
}

/** What the version before was like is no reason to refuse the current one. */
function parseOr(content: string, otherwise: DigestedKey[]): DigestedKey[] {
  try {
    return parseKeys(content).keys;
  } catch {
    return otherwise;
  }
}
