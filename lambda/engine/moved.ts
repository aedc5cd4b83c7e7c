import type { Config } from '../config.ts';
import type { GatewayError } from '../errors.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import { isShared } from './called-as.ts';
import type { Caller } from './types.ts';

/** What several calls of one request are sent to: where one of them is moved, all are. */
export interface Movable {
  target: Target;
  /** Times that it was moved to another profile of the model. */
  moves: number;
}

interface Deps {
  resolver: Pick<Resolver, 'afterRefusal'>;
  config: Pick<Config, 'maxAttempts'>;
}

/** Bedrock may send a call to a profile, and that to another. */
const maxMoves = 2;

/**
 * Moves to an inference profile after a refusal that asks for one; false for any other, and where there is none. `called`:
 * what this call was sent to.
 */
export async function moved(
  { resolver, config }: Deps,
  from: Movable,
  called: Target,
  error: GatewayError,
  caller: Caller,
): Promise<boolean> {
  // Another call has been refused for the same reason, and has moved them all.
  if (called !== from.target) return true;
  if (from.moves >= Math.min(maxMoves, config.maxAttempts - 1)) return false;
  const target = await resolver.afterRefusal(called, error, { remember: isShared(caller) });
  if (!target) return false;
  from.target = target;
  from.moves += 1;
  return true;
}
