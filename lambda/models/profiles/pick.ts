import type { CatalogueEntry } from '../catalogue/entry.ts';
import { geographyOf } from '../names/model-id.ts';
import { geographiesOf } from './geography.ts';

export type Residency = 'global' | 'geography' | 'region';

/** Prefixes that a request from a region may travel under, best first. */
function allowedGeographies(region: string, residency: Residency): readonly string[] {
  switch (residency) {
    case 'region':
      return [];
    case 'geography':
      return geographiesOf(region);
    case 'global':
      return ['global', ...geographiesOf(region)];
  }
}

/** Whether a system profile, called in this region, may route a request further than the residency allows. */
export function travelsTooFar(profileId: string, region: string, residency: Residency): boolean {
  if (residency === 'global') return false;
  return !allowedGeographies(region, residency).includes(geographyOf(profileId) ?? '');
}

/** The catalogue knows that this model is served there, and only through profiles. */
export function needsProfile(rows: readonly CatalogueEntry[], modelId: string, region: string): boolean {
  const row = rows.find(
    (row) => row.type === 'foundation' && row.modelId === modelId && row.region === region,
  );
  const types = row?.inferenceTypes ?? [];
  return types.includes('INFERENCE_PROFILE') && !types.includes('ON_DEMAND');
}

/**
 * System profiles of a region that serve a model, best first: global, then the region's own geography; then,
 * where requests may go anywhere, whatever else is listed (from Canada some models have only a `us.` profile).
 */
export function listedProfiles(
  rows: readonly CatalogueEntry[],
  modelId: string,
  region: string,
  residency: Residency,
): string[] {
  if (residency === 'region') return [];
  const order = allowedGeographies(region, residency);
  const rank = (id: string) => {
    const at = order.indexOf(geographyOf(id) ?? '');
    return at < 0 ? order.length : at;
  };
  return rows
    .filter((row) => row.type === 'profile' && row.region === region && row.routesTo?.includes(modelId))
    .map((row) => row.modelId)
    .filter((id) => residency === 'global' || rank(id) < order.length)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Where nothing is listed: the profile ids that would be, by how AWS forms them. */
export function guessedProfiles(modelId: string, region: string, residency: Residency): string[] {
  return allowedGeographies(region, residency).map((geography) => `${geography}.${modelId}`);
}
