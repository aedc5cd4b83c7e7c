import { ConfigError } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { digestOf } from './digest.ts';
import { type KeyRing, KeysUnreadable, keyRing, pauseMs } from './key-ring.ts';
import { type KeySettings, keySources } from './key-source.ts';
import type { Principal } from './principal.ts';
import { type FetchSecret, fetchFrom, secretsClient } from './secrets-manager.ts';

/** Who sends these headers. Rejects with GatewayError: 401 without a usable key, 503 when keys cannot be read. */
export type Authenticate = (headers: Headers) => Promise<Principal>;

export interface Authenticator extends Authenticate {
  /** Reads the keys ahead of the first request. Never rejects. */
  warm(): Promise<void>;
}

export interface AuthenticatorDeps {
  /** Epoch milliseconds. */
  clock?: () => number;
  fetchSecret?: FetchSecret;
  /** Called, in words for the log, with what is wrong with a source of keys. Never given a key. */
  report?: (message: string, detail: { source: string; error?: unknown }) => void;
}

/** Throws ConfigError where the settings name no key: there is no open gateway. */
export function createAuthenticator(settings: KeySettings, deps: AuthenticatorDeps = {}): Authenticator {
  const { clock = Date.now, report = () => {} } = deps;
  const sources = keySources(settings, {
    clock,
    roles: settings.assumableRoles,
    fetchSecret: deps.fetchSecret ?? lazyFetch(),
    onProblem: (source, problem) => report(`Some API keys open nothing: ${problem}`, { source }),
  });
  if (sources.length === 0) {
    throw new ConfigError(
      'Set API_KEY_SECRET_ARN, API_KEY or API_KEY_FILE: the gateway does not run without a key.',
    );
  }
  const ring = keyRing(sources, {
    ttlMs: settings.apiKeyTtlMs,
    clock,
    onFailure: (source, error) => report('The API keys cannot be read.', { source, error }),
  });
  return Object.assign((headers: Headers) => authenticate(headers, ring), { warm: () => ring.warm() });
}

async function authenticate(headers: Headers, ring: KeyRing): Promise<Principal> {
  const presented = presentedKeys(headers);
  if (presented.length === 0) throw unauthenticated();
  const digests = presented.map(digestOf);
  const key = await ring.find(digests).catch((error: unknown) => {
    throw error instanceof KeysUnreadable ? keysUnreadable(error) : error;
  });
  if (!key) throw unauthenticated();
  // One of them is the key's.
  openedBy.set(headers, presented[digests.findIndex((each) => !Buffer.compare(each, key.digest))]!);
  return key.principal;
}

const openedBy = new WeakMap<Headers, string>();

/** The key that has let these headers in: of several that they carry, only that one proves anything. */
export const keyThatOpened = (headers: Headers): string | undefined => openedBy.get(headers);

/** Every key the headers carry: a client that must send one header often sends its real key in another. */
export function presentedKeys(headers: Headers): string[] {
  const authorization = headers.get('authorization') ?? '';
  const bearer = /^bearer /i.test(authorization) ? authorization.slice('bearer '.length) : undefined;
  const values = [bearer, headers.get('x-api-key'), headers.get('api-key')];
  return [...new Set(values.map((value) => value?.trim() ?? '').filter((key) => key !== ''))];
}

/** One answer for missing, unknown, expired and revoked: what is wrong with a key is nobody's business. */
export function unauthenticated(): GatewayError {
  return new GatewayError({
    status: 401,
    reason: 'unauthenticated',
    code: 'invalid_api_key',
    message:
      'No valid API key was given. Send a key of this gateway in one of these headers: ' +
      '`Authorization: Bearer <key>`, `x-api-key: <key>` or `api-key: <key>`.',
  });
}

function keysUnreadable(cause: KeysUnreadable): GatewayError {
  return new GatewayError({
    status: 503,
    reason: 'internal',
    code: 'api_keys_unavailable',
    message: 'The gateway cannot read its API keys at the moment, so it lets nobody in. Its logs say why.',
    retryAfterMs: pauseMs,
    cause,
  });
}

/** The client is made for the first secret that is fetched. */
function lazyFetch(): FetchSecret {
  let fetchSecret: FetchSecret | undefined;
  return (arn, stage) => {
    fetchSecret ??= fetchFrom(secretsClient(arn));
    return fetchSecret(arn, stage);
  };
}
