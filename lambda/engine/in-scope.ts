import type { Principal } from '../auth/principal.ts';
import { isModelAllowed } from '../auth/scope.ts';
import { decodeName, parseName } from '../models/names/parse.ts';
import type { Target } from '../models/target.ts';

/**
 * Whether a key may call a target. Its patterns may name a model as clients ask for it or as Bedrock knows it.
 * A name that another model stands in for (a default, a successor) says nothing about what would be called.
 */
export function isInScope(principal: Principal, { asked, reportAs, id, underlying }: Target): boolean {
  if (principal.models === undefined) return true;
  const names = [id, underlying, reportAs === asked ? withoutLabel(decodeName(asked)) : undefined];
  return names.some((name) => name !== undefined && isModelAllowed(principal, name));
}

/** In `<label>-id:custom.<id>` the label is whatever the client likes: it must not open anything. */
function withoutLabel(asked: string): string {
  const name = parseName(asked);
  switch (name.kind) {
    case 'custom':
      return name.id;
    case 'regional':
      return `custom:${name.region}:${withoutLabel(name.name)}`;
    default:
      return asked;
  }
}
