import { createHmac, timingSafeEqual } from 'node:crypto';
import { type DigestedKey, findKey } from './digest.ts';
import type { Principal } from './principal.ts';

/** What a token is good for. One that was made for something else opens nothing. */
export type Purpose = 'session' | 'link' | 'form' | 'state';

/** Milliseconds. */
export const sessionMs = 8 * 3_600_000;
export const linkMs = 5 * 60_000;

/**
 * Tokens that name a key and are signed with its digest (HMAC-SHA-256), so that nothing has to be stored, any instance
 * knows them, and a key that is revoked, expired or rotated away takes its sessions along. Whoever can read the digests
 * can make them: `gateway admin link` does.
 */
export function signToken(
  { digest, principal }: Pick<DigestedKey, 'digest' | 'principal'>,
  purpose: Purpose,
  expiresAt: number,
): string {
  const payload = Buffer.from(JSON.stringify([principal.name, expiresAt])).toString('base64url');
  return `${payload}.${macOf(digest, purpose, payload)}`;
}

/** Whose token it is; undefined for one that is not good, or not good any more. `now`: epoch milliseconds. */
export function readToken(
  keys: readonly DigestedKey[],
  purpose: Purpose,
  token: string,
  now: number,
): DigestedKey | undefined {
  const [, payload, mac] = /^([\w-]{1,400})\.([\w-]{43})$/.exec(token) ?? [];
  if (payload === undefined || mac === undefined) return undefined;
  const [name, expiresAt] = contentOf(payload);
  if (typeof expiresAt !== 'number' || expiresAt <= now) return undefined;
  return keys.find(
    (key) =>
      key.principal.name === name &&
      // Not by its own record alone: what one record revokes is shut in all.
      findKey(keys, key.digest, now) !== undefined &&
      (key.expiresAt === undefined || key.expiresAt > now) &&
      isSame(mac, macOf(key.digest, purpose, payload)),
  );
}

/** What a form of this session carries: nobody who cannot read the cookie can make it. */
export const formTokenOf = ({ digest }: Pick<DigestedKey, 'digest'>, session: string): string =>
  macOf(digest, 'form', session);

/** A secret of this key's, and of nobody else, for what its answers have sealed. */
export const stateSecretOf = ({ digest, principal }: Principalled): string =>
  macOf(digest, 'state', principal.name);

type Principalled = { digest: Uint8Array; principal: Principal };

export const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const macOf = (digest: Uint8Array, purpose: Purpose, text: string): string =>
  createHmac('sha256', digest).update(`bedrock-gateway ${purpose}\n${text}`).digest('base64url');

function contentOf(payload: string): unknown[] {
  try {
    const content: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return Array.isArray(content) ? content : [];
  } catch {
    return [];
  }
}
