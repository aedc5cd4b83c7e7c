import { billingOf } from './billing.ts';
import type { DigestedKey } from './digest.ts';
import { describeIssue, type KeyRecord, readRecord } from './key-record.ts';
import { type Limits, readTeam } from './limits-record.ts';
import type { KeyForm } from './parse-keys.ts';
import type { Holder, Principal } from './principal.ts';

type Teams = ReadonlyMap<string, Limits | undefined>;

/**
 * The keys of records, and what is wrong with those that open nothing. `roles`: those that the function may assume.
 */
export function keysOf(
  { records, teams: written }: Pick<KeyForm, 'records' | 'teams'>,
  roles: readonly string[] = [],
) {
  const problems: string[] = [];
  const teams = teamsOf(written, problems);
  const keys = records.flatMap((record, index) => {
    const result = readRecord(record);
    if (!result.success) {
      problems.push(...result.issues.map((issue) => `keys[${index}]${describeIssue(issue)}`));
      return [];
    }
    const problem = problemWith(result.output, teams, roles);
    if (problem === undefined) return digestedKeys(result.output, teams);
    problems.push(`keys[${index}]${problem}`);
    return [];
  });
  return { keys, problems };
}

function problemWith(
  { team, awsRoleArn }: KeyRecord,
  teams: Teams,
  roles: readonly string[],
): string | undefined {
  // What the team may use is not known, and a limit must not be passed over.
  if (team !== undefined && !teams.has(team))
    return '.team names a team that is not there, or that cannot be used';
  if (awsRoleArn !== undefined && !roles.includes(awsRoleArn))
    return '.awsRoleArn names a role that the setting ASSUMABLE_ROLES does not list';
  return undefined;
}

function teamsOf(records: readonly unknown[], problems: string[]): Teams {
  const teams = new Map<string, Limits | undefined>();
  for (const [index, record] of records.entries()) {
    const result = readTeam(record);
    if (!result.success) problems.push(...result.issues.map((issue) => `teams[${index}] ${issue.message}`));
    else if (teams.has(result.output.name)) problems.push(`teams[${index}].name is another team’s already`);
    else teams.set(result.output.name, result.output.limits);
  }
  return teams;
}

/** One for each of its hashes: a key that is being rotated has two. */
function digestedKeys(record: KeyRecord, teams: Teams): DigestedKey[] {
  const { sha256, previous, expires, revoked } = record;
  const expiresAt = expires === undefined ? undefined : Date.parse(expires);
  const key = {
    digest: Buffer.from(sha256, 'hex'),
    principal: principalOf(record, teams),
    expiresAt,
    revoked,
  };
  if (!previous) return [key];
  const end = Math.min(Date.parse(previous.expires), expiresAt ?? Number.POSITIVE_INFINITY);
  return [key, { ...key, digest: Buffer.from(previous.sha256, 'hex'), expiresAt: end }];
}

function principalOf(record: KeyRecord, teams: Teams): Principal {
  const { name, models, guardrail, metadata, optimisation, limits, team, admin } = record;
  const billing = billingOf(record);
  const ofTeam = team === undefined ? undefined : teams.get(team);
  const holders: Holder[] = [
    ...(limits ? [{ kind: 'key', name, limits } as const] : []),
    ...(team !== undefined && ofTeam ? [{ kind: 'team', name: team, limits: ofTeam } as const] : []),
  ].filter((holder) => isLimited(holder.limits));
  return {
    name,
    models,
    guardrail,
    metadata,
    optimisation,
    ...(billing && { billing }),
    ...(team !== undefined && { team }),
    ...(admin && { admin: true as const }),
    ...(holders.length > 0 && { limits: holders }),
  };
}

/** How a limit acts is none by itself. */
const isLimited = ({ mode: _, unpriced: __, ...limits }: Limits): boolean => Object.keys(limits).length > 0;
