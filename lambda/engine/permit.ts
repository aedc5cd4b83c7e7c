import { assertInScope } from './in-scope.ts';
import { type Plan, type PlanDeps, plan } from './plan.ts';
import type { Asked, RequestContext } from './types.ts';

/**
 * The models to try for a request, if its key may use the one it asks for. Throws a 403 or a 404: whoever may not
 * call the model gets no other work done either.
 */
export async function permit(deps: PlanDeps, asked: Asked, { caller }: RequestContext): Promise<Plan> {
  const planned = await plan(deps, asked, caller);
  const target = planned.steps[0]?.resolved;
  if (target) assertInScope(caller.principal, target);
  return planned;
}
