import { type Cached, cached } from './cached.ts';
import { type DigestedKey, findKey } from './digest.ts';
import type { KeySource } from './key-source.ts';

export interface KeyRing {
  /** The usable key among those with one of these digests; undefined when there is none. */
  find(digests: readonly Uint8Array[]): Promise<DigestedKey | undefined>;
  /** Reads all sources ahead of the first request. Never rejects. */
  warm(): Promise<void>;
}

export interface RingOptions {
  ttlMs: number;
  clock: () => number;
  onFailure: (source: string, error: unknown) => void;
}

/** A source of keys could not be read, and no key that could be read matched. */
export class KeysUnreadable extends Error {
  override name = 'KeysUnreadable';
}

/** A wrong key looks for new keys at most this often, and a source that fails is asked again after it. */
export const pauseMs = 5000;
/** A source that fails for longer than this is not believed any more. */
export const maxStaleMs = 60 * 60 * 1000;
/** Secrets Manager answers in tens of milliseconds; what takes longer is not waited for while old keys are good. */
const patienceMs = 250;

/** All keys of all sources, each cached on its own. `find` throws KeysUnreadable. */
export function keyRing(sources: readonly KeySource[], options: RingOptions): KeyRing {
  const { ttlMs, clock } = options;
  const caches = sources.map((source) =>
    cached(() => source.read(), {
      ttlMs,
      clock,
      pauseMs,
      patienceMs,
      maxStaleMs,
      onFailure: (error) => options.onFailure(source.name, error),
    }),
  );
  const search = async (
    digests: readonly Uint8Array[],
    how: (cache: Cached<DigestedKey[]>) => Promise<DigestedKey[]>,
  ) => {
    const results = await Promise.allSettled(caches.map(how));
    const keys = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const matches = digests.map((digest) => findKey(keys, digest, clock()));
    return {
      key: matches.find((key) => key !== undefined),
      failed: results.find((r) => r.status === 'rejected'),
    };
  };
  return {
    async find(digests) {
      const known = await search(digests, (cache) => cache.get());
      if (known.key) return known.key;
      const renewed = await search(digests, (cache) => cache.refresh());
      if (renewed.key || !renewed.failed) return renewed.key;
      throw new KeysUnreadable('The keys cannot be read.', { cause: renewed.failed.reason });
    },
    async warm() {
      await Promise.allSettled(caches.map((cache) => cache.get()));
    },
  };
}
