import { BedrockError } from '../errors.ts';
import type { World } from '../world.ts';

/** An IAM role of the account. */
export interface SimulatedRole {
  /** Without its path. */
  name: string;
  /** Whether its trust policy has the gateway assume it, and tag its sessions. */
  trusts: 'AssumeRole' | 'AssumeRole and TagSession' | 'nobody';
  /** Whether it may call models. */
  mayInvoke: boolean;
}

/** A session of a role. */
export interface RoleSession {
  role: SimulatedRole;
  /** As `GetCallerIdentity` has it. */
  arn: string;
  name: string;
  tags: Readonly<Record<string, string>>;
  token: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export const usualRoles: readonly SimulatedRole[] = [
  { name: 'team-search', trusts: 'AssumeRole and TagSession', mayInvoke: true },
  { name: 'team-support', trusts: 'AssumeRole and TagSession', mayInvoke: true },
  { name: 'untagged', trusts: 'AssumeRole', mayInvoke: true },
  { name: 'may-nothing', trusts: 'AssumeRole and TagSession', mayInvoke: false },
  { name: 'closed', trusts: 'nobody', mayInvoke: true },
];

/** Whether temporary credentials that STS has given are good. Throws AWS's errors. */
export function checkSession(
  accessKeyId: string,
  token: string | string[] | undefined,
  { sessions, now }: Pick<World, 'sessions' | 'now'>,
): void {
  const session = sessions.get(accessKeyId);
  if (!session) return;
  if (session.token !== token)
    throw new BedrockError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (session.expiresAt <= now())
    throw new BedrockError('ExpiredTokenException', 'The security token included in the request is expired');
}
