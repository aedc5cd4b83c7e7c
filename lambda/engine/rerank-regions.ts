import { partitionOf } from '../aws/regions.ts';
import type { Config } from '../config.ts';
import { badRequest } from '../errors.ts';
import { field, note } from '../fields.ts';
import type { RerankFamily } from '../models/rerank/families.ts';
import { inOneGeography } from '../policy/regions.ts';

/** Where a request is sent from, and where it may go instead. */
export type Places = Pick<Config, 'region' | 'regions'>;

type Bounds = Pick<Config, 'region' | 'regions' | 'areRegionsNamed' | 'residency'>;

/**
 * Where a reranking model is called: at home if it is there, else in the first region that the settings let a request
 * travel to, and the other regions of the setting after that. Where the setting names regions these are all there are;
 * else the residency alone bounds it. Throws a 400 where no region that has the model may be called.
 */
export function rerankPlaces(
  { title, regions: having }: Pick<RerankFamily, 'title' | 'regions'>,
  { region: home, regions, areRegionsNamed, residency }: Bounds,
): Places {
  const named = regions.filter((region) => having.includes(region));
  if (having.includes(home)) return { region: home, regions: named };
  const known = areRegionsNamed ? named : having;
  const allowed = known.filter((region) => mayTravel(home, region, residency));
  const near = areRegionsNamed ? undefined : allowed.find((region) => inOneGeography(home, region));
  const region = near ?? allowed[0];
  if (region === undefined) throw outOfReach(title, having, home);
  return { region, regions: areRegionsNamed ? allowed : [region] };
}

function mayTravel(home: string, region: string, residency: Config['residency']): boolean {
  if (residency === 'region' || partitionOf(home) !== partitionOf(region)) return false;
  return residency === 'global' || inOneGeography(home, region);
}

const outOfReach = (title: string, having: readonly string[], home: string) =>
  badRequest(
    note`${title} is not in ${home}, and the settings of this gateway (GATEWAY_REGIONS, RESIDENCY) let a request travel ` +
      `to none of the regions that have it: ${having.join(', ')}. Use a model that is within reach, or ask the ` +
      'gateway’s operator.',
    field('model'),
    'model_not_supported',
  );
