import type { Config } from '../config.ts';
import type { DigestedKey } from './digest.ts';
import { parseKeys, singleKeyName, singleKeys } from './parse-keys.ts';
import type { FetchSecret, SecretVersion } from './secrets-manager.ts';

/** A place where keys are kept. Rejects when it cannot be read or is in no known form. */
export interface KeySource {
  /** For the log. */
  name: string;
  read(): Promise<DigestedKey[]>;
}

export interface SourceOptions {
  /** Roles that records may name. */
  roles?: readonly string[] | undefined;
  clock: () => number;
  fetchSecret: FetchSecret;
  /** Called with key records that cannot be used. */
  onProblem: (source: string, problem: string) => void;
}

export type KeySettings = Pick<Config, 'apiKey' | 'apiKeySecretArn' | 'apiKeyFile' | 'apiKeyTtlMs'> &
  Partial<Pick<Config, 'assumableRoles'>>;

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
    return await parsed(await readFile(path, 'utf8'), name, options);
  };
  return { name, read };
}

function secretSource(arn: string, options: SourceOptions): KeySource {
  const name = 'API_KEY_SECRET_ARN';
  /** The version before, as it was read beside the current one of this time. */
  let kept: { createdAt?: number | undefined; previous?: SecretVersion | undefined } = {};
  const read = async () => {
    const [current, before] = await Promise.all([
      options.fetchSecret(arn, 'AWSCURRENT'),
      // A secret that was never rotated has no such version; nobody is locked out for want of it.
      options.fetchSecret(arn, 'AWSPREVIOUS').then(
        (previous) => ({ previous }),
        () => undefined,
      ),
    ]);
    if (!current) throw new Error('The secret has no current version.');
    const { createdAt } = current;
    // Of another current version it may have keys that are shut since.
    if (before || kept.createdAt !== createdAt) kept = { createdAt, ...before };
    const { previous } = kept;
    const keys = await parsed(current.text, name, options);
    return [...keys, ...(await rotatedAway(keys, current, previous, options))];
  };
  return { name, read };
}

async function parsed(content: string, source: string, options: SourceOptions): Promise<DigestedKey[]> {
  const { keys, problems } = await parseKeys(content, options.roles);
  for (const problem of problems) options.onProblem(source, problem);
  return keys;
}

/**
 * Keys of the version before, for those that were given a new value under the same name. They may do what
 * the key may do now. One that was removed or revoked in the current version is not brought back by this, and
 * one whose end the current version says ends then.
 */
async function rotatedAway(
  keys: DigestedKey[],
  current: SecretVersion,
  previous: SecretVersion | undefined,
  { clock, roles }: SourceOptions,
): Promise<DigestedKey[]> {
  const over = current.createdAt !== undefined && clock() - current.createdAt > rotationGraceMs;
  if (!previous || over) return [];
  // Of a key with two hashes the first is the current one.
  const heirs = new Map(keys.toReversed().flatMap((key) => (key.revoked ? [] : [[key.principal.name, key]])));
  const known = new Set(keys.map(({ digest }) => hex(digest)));
  const before = await parseOr(previous.text, [], roles);
  // What a record there had replaced already stays shut, unless the current record still names it.
  const newest = new Map(before.toReversed().map((key) => [key.principal.name, key]));
  return before.flatMap((old) => {
    const { name } = old.principal;
    const heir = heirs.get(name);
    if (name !== singleKeyName && newest.get(name) !== old) return [];
    if (!heir || old.revoked || known.has(hex(old.digest))) return [];
    const expiresAt = Math.min(
      old.expiresAt ?? Number.POSITIVE_INFINITY,
      heir.expiresAt ?? Number.POSITIVE_INFINITY,
    );
    return [{ ...heir, digest: old.digest, expiresAt }];
  });
}

const hex = (digest: Uint8Array) => Buffer.from(digest).toString('hex');

/** What the version before was like is no reason to refuse the current one. */
async function parseOr(
  content: string,
  otherwise: DigestedKey[],
  roles: SourceOptions['roles'],
): Promise<DigestedKey[]> {
  try {
    return (await parseKeys(content, roles)).keys;
  } catch {
    return otherwise;
  }
}
