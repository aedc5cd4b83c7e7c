import { hash, timingSafeEqual } from 'node:crypto';
import type { Principal } from './principal.ts';

/** A key as the gateway holds it. */
export interface DigestedKey {
  /** SHA-256 of the key: 32 bytes, so that any two can be compared. */
  digest: Uint8Array;
  principal: Principal;
  /** Epoch milliseconds. */
  expiresAt?: number;
  revoked?: boolean;
}

export function digestOf(key: string): Uint8Array {
  return hash('sha256', key, 'buffer');
}

/**
 * The usable key with this digest. Every key is compared, in constant time, whether or not one has matched
 * already: the work does not depend on the guess. A digest that is revoked anywhere is usable nowhere.
 */
export function findKey(
  keys: readonly DigestedKey[],
  digest: Uint8Array,
  now: number,
  equal: (a: Uint8Array, b: Uint8Array) => boolean = timingSafeEqual,
): DigestedKey | undefined {
  let found: DigestedKey | undefined;
  let revoked = false;
  for (const key of keys) {
    const same = equal(key.digest, digest);
    const usable = key.expiresAt === undefined || key.expiresAt > now;
    if (same && key.revoked) revoked = true;
    if (same && usable && !found) found = key;
  }
  return revoked ? undefined : found;
}
