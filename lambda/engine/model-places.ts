import { partitionOf } from '../aws/regions.ts';
import type { Config } from '../config.ts';
import { badRequest } from '../errors.ts';
import { field, note } from '../fields.ts';
import { parseArn } from '../models/names/model-id.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import { inOneGeography } from '../policy/regions.ts';
import { resolveFor } from './in-scope.ts';
import type { RequestContext } from './types.ts';

/** Where a request is sent from, and where it may go instead. */
export type Places = Pick<Config, 'region' | 'regions'>;

/** A model that is in few regions. */
interface Rare {
  title: string;
  /** Where it can be called. */
  regions: readonly string[];
}

type Bounds = Pick<Config, 'region' | 'regions' | 'areRegionsNamed' | 'residency'>;

/**
 * Where a model is called that is in few regions: at home if it is there, else in the first region that the settings let a request
 * travel to, and the other regions of the setting after that. Where the setting names regions these are all there are;
 * else the residency alone bounds it. Throws a 400 where no region that has the model may be called.
 */
export function placesOfModel(
  { title, regions: having }: Rare,
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

/**
 * The same for a name. One that says where, a caller who does, and a model that is not of these stay as they are; what is
 * wrong with a name is told when it is permitted.
 */
export async function placesFor(
  { config, resolver }: { config: Bounds; resolver: Pick<Resolver, 'resolve'> },
  model: string,
  { caller }: RequestContext,
  rareOf: (target: Target) => Rare | undefined,
): Promise<Partial<Places>> {
  if (caller.region !== undefined) return {};
  const { region } = config;
  const target = await resolveFor(resolver, caller.principal, model, { region }).catch(() => undefined);
  const rare = target && rareOf(target);
  return rare && target.region === region && !parseArn(target.id) ? placesOfModel(rare, config) : {};
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
