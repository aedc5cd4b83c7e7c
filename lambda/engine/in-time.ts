import type { Resolver } from '../models/resolve/resolve.ts';
import type { Clock } from '../policy/clock.ts';
import { type Deadline, withDeadline, within } from '../policy/deadline.ts';
import { permit } from './permit.ts';
import type { Plan, PlanDeps } from './plan.ts';
import type { Asked, RequestContext } from './types.ts';

interface Looking {
  resolver: Pick<Resolver, 'resolve' | 'afterRefusal'>;
  clock: Clock;
}

export const deadlineOf = ({ lifetime }: RequestContext, { clock }: Pick<Looking, 'clock'>): Deadline =>
  withDeadline(lifetime.signal, lifetime.deadline, clock.now);

/** Names are looked up for all requests together, and that may take longer than one of them has. */
export function inTime<D extends Looking>(deps: D, { signal }: Deadline): D {
  const { resolver } = deps;
  return {
    ...deps,
    resolver: {
      ...resolver,
      resolve: (name, options) => within(signal, resolver.resolve(name, options)),
      afterRefusal: (target, error, options) => within(signal, resolver.afterRefusal(target, error, options)),
    } satisfies Looking['resolver'],
  };
}

/** `permit` within the time that the request has. */
export async function permitInTime(
  deps: Looking & PlanDeps,
  asked: Asked,
  context: RequestContext,
): Promise<Plan> {
  const deadline = deadlineOf(context, deps);
  try {
    return await permit(inTime(deps, deadline), asked, context);
  } finally {
    deadline.clear();
  }
}
