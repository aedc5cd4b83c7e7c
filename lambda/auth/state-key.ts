import { hkdfSync } from 'node:crypto';

/**
 * Seals what a client carries from one call to the next: 32 bytes for the cipher, then 32 for its nonces.
 * Derived from what the caller proves its identity with, so that any instance opens what another has sealed,
 * after any deployment, and nothing has to be stored.
 */
export type StateKey = Uint8Array;

/** Changing it would close every conversation that is under way. */
const purpose = 'bedrock-gateway tool call state v1';

export function deriveStateKey(secret: string): StateKey {
  if (latest?.secret !== secret) {
    const key = new Uint8Array(hkdfSync('sha256', secret, '', purpose, 64));
    latest = { secret, key };
  }
  return latest.key;
}
/** Deriving takes longer than translating a short request, and one caller's requests follow each other. */
let latest: { secret: string; key: StateKey } | undefined;
