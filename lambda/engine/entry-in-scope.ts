import type { Principal } from '../auth/principal.ts';
import { type CatalogueEntry, namesOf } from '../models/catalogue/entry.ts';
import { isInScope } from './in-scope.ts';

/** Whether a key sees an entry of a list: it does exactly when it may call it by the name it has there. */
export function isEntryInScope(principal: Principal, entry: CatalogueEntry): boolean {
  const { id, type, modelId, region, underlying } = entry;
  if (type === 'alias')
    return isInScope(principal, { id: modelId, region, underlying, alias: { key: id, name: id } });
  const isAwsOwn = type === 'foundation' || type === 'profile';
  return isInScope(principal, {
    id: modelId,
    region,
    underlying,
    ...(!isAwsOwn && { listedAs: namesOf(entry) }),
  });
}
