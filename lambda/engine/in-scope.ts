import type { Principal } from '../auth/principal.ts';
import { isModelAllowed } from '../auth/scope.ts';
import type { Target } from '../models/target.ts';

/**
 * Whether a key may call a target. Its patterns may name a model as clients ask for it or as Bedrock knows it.
 * A name that another model stands in for (a default, a successor) says nothing about what would be called.
 */
export function isInScope(principal: Principal, { asked, reportAs, id, underlying }: Target): boolean {
  const names = [id, underlying, reportAs === asked ? asked : undefined];
  return names.some((name) => name !== undefined && isModelAllowed(principal, name));
}
