import { callError } from '../../backends/errors/call-error.ts';
import type { ListingName } from '../../bedrock/control-plane.ts';
import type { GatewayError } from '../../errors.ts';

/** Why a listing is not there, or not new. */
export interface Trouble {
  /** The error's name, or the code of a system error (ENOTFOUND): never AWS's text, which names roles. */
  name: string;
  /** The same as clients would learn it from a call. */
  error: GatewayError;
}

/** One listing of one region: what it last gave, how the last call went, and the call under way. */
export interface Listing<T> {
  /** Starts a call where one is due; the call under way, undefined where there is none. It never rejects. */
  refresh(): Promise<void> | undefined;
  value(): T | undefined;
  /** Of the last call that has ended. */
  trouble(): Trouble | undefined;
  /** When the call under way began; undefined where there is none. */
  since(): number | undefined;
}

/** One of the listings that a catalogue is made of. */
export interface Source {
  name: ListingName;
  region: string;
  listing: Listing<unknown>;
}

export interface ListingOptions {
  ttlMs: number;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Control-plane listings throttle (aws-samples/bedrock-access-gateway#104): a failed one waits this long. */
const retryMs = 30_000;
/** Nothing is called without credentials, and a person may just have signed in. */
const signInMs = 5000;

/**
 * No call takes as long: the control plane's client gives up before. What is under way for longer was frozen with its
 * Lambda environment, and waits for an answer that nobody sends any more.
 */
const longestMs = 15_000;

/** A listing that fails keeps what it last gave, and is asked for again sooner. */
export function createListing<T>(load: () => Promise<T>, { ttlMs, now }: ListingOptions): Listing<T> {
  let value: T | undefined;
  let trouble: Trouble | undefined;
  let since: number | undefined;
  let running: Promise<void> | undefined;
  let expires = Number.NEGATIVE_INFINITY;

  const call = async (began: number): Promise<void> => {
    try {
      value = await load();
      trouble = undefined;
      expires = began + ttlMs;
    } catch (error) {
      if (since !== began) return;
      trouble = troubleOf(error);
      expires = now() + Math.min(ttlMs, pauseAfter(trouble.error, ttlMs));
    }
  };
  return {
    refresh() {
      const isFrozen = since !== undefined && now() - since > longestMs;
      if ((!running || isFrozen) && now() >= expires) {
        const began = now();
        since = began;
        running = call(began).finally(() => {
          if (since !== began) return;
          running = undefined;
          since = undefined;
        });
      }
      return running;
    },
    value: () => value,
    trouble: () => trouble,
    since: () => since,
  };
}

function troubleOf(error: unknown): Trouble {
  const context = { model: '', signal: new AbortController().signal };
  return { name: nameOf(error), error: callError(error, context) };
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** A missing permission is not there again in half a minute. */
function pauseAfter({ reason }: GatewayError, ttlMs: number): number {
  if (reason === 'access_denied') return ttlMs;
  return reason === 'upstream_auth' ? signInMs : retryMs;
}
