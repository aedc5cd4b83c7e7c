import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AssumedRole, CallerCredentials } from '../backends/backend.ts';
import { GatewayError } from '../errors.ts';
import { type AssumeRole, createAssumeRole, type Session } from './sts.ts';

export interface AssumedRolesOptions {
  /** Epoch milliseconds. */
  now: () => number;
  /** Default: STS of the region, asked with the gateway's own credentials. */
  assumeRole?: AssumeRole;
}

/** Credentials of a role, from STS or as they were got before. Rejects with GatewayError (503). */
export type AssumedRoles = (role: AssumedRole, region: string) => Promise<CallerCredentials>;

/** New ones are got this long before the old ones end, so that no call is signed with what ends under way. */
const renewMs = 5 * 60_000;
/** How long a refusal is believed: STS is not to be asked by every request of a key whose role is not to be had. */
const failureMs = 10_000;
/** Roles and sessions remembered at most. */
const maxSessions = 1000;

/** A session is good in every region; what one region's STS does says nothing of another's. */
interface Entry {
  session?: Session;
  failure?: { region: string; error: GatewayError; until: number };
  asking?: { region: string; answer: Promise<Session> } | undefined;
}

export function createAssumedRoles(options: AssumedRolesOptions): AssumedRoles {
  const { now, assumeRole = createAssumeRole({ handler: stsHandler(), credentials: defaultProvider() }) } =
    options;
  const entries = new Map<string, Entry>();

  function entryOf(role: AssumedRole): Entry {
    const key = JSON.stringify([role.arn, role.session, Object.entries(role.tags)]);
    const entry = entries.get(key) ?? {};
    // The one that was used last is the last to be forgotten.
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > maxSessions) entries.delete(entries.keys().next().value!);
    return entry;
  }

  /** Whoever comes while STS is being asked waits for the same answer. */
  function ask(entry: Entry, role: AssumedRole, region: string): Promise<Session> {
    if (entry.asking?.region === region) return entry.asking.answer;
    const answer = assumeRole(role, region)
      .then(
        (session) => {
          entry.session = session;
          delete entry.failure;
          return session;
        },
        (cause: unknown) => {
          const error = notAssumed(cause);
          entry.failure = { region, error, until: now() + failureMs };
          throw error;
        },
      )
      .finally(() => {
        if (entry.asking === asking) entry.asking = undefined;
      });
    const asking = { region, answer };
    entry.asking = asking;
    return answer;
  }

  return async (role, region) => {
    const entry = entryOf(role);
    const left = (entry.session?.expiresAt ?? 0) - now();
    if (entry.session && left > renewMs) return entry.session.credentials;
    const { failure } = entry;
    try {
      if (failure?.region === region && now() < failure.until) throw failure.error;
      return (await ask(entry, role, region)).credentials;
    } catch (error) {
      // They are good to their end, and STS may be back by then.
      if (entry.session && left > 0) return entry.session.credentials;
      throw error;
    }
  };
}

const stsHandler = () =>
  new NodeHttpHandler({ connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true });

/** AWS's own words name the role and the account, so of them only the name of its error is kept. */
const notAssumed = (cause: unknown) =>
  new GatewayError({
    status: 503,
    reason: 'internal',
    code: 'role_unavailable',
    message:
      'The gateway cannot take on the AWS role that the calls of this API key are made as. Its operator has to let the gateway assume and tag sessions of that role; the gateway’s log says how AWS refused.',
    retryAfterMs: failureMs,
    cause: Object.assign(new Error('STS did not give credentials for the role of a key.'), {
      name: cause instanceof Error ? cause.name : 'Error',
    }),
  });
