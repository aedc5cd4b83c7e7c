import type { Config } from '../config.ts';
import type { Reason } from '../errors.ts';
import { geographyOf } from '../models/names/model-id.ts';
import { geographiesOf } from '../models/profiles/geography.ts';
import type { Target } from '../models/target.ts';

/** What another region may not have: its quotas, its capacity and its endpoint are its own. */
const regional: ReadonlySet<Reason> = new Set<Reason>([
  'throttled',
  'quota_exceeded',
  'overloaded',
  'connection',
]);

/** Whether the same model is worth trying in another region. */
export function isRegional(reason: Reason): boolean {
  return regional.has(reason);
}

/**
 * The regions to try for a target, in order: its own, then the others of the setting that the residency
 * setting lets a request travel to. An ARN belongs to one region, and so does a target that the setting does
 * not list: someone named that region. An inference profile that was asked for by its id (`us.…`) exists in the
 * regions of its geography only.
 */
export function regionsFor(
  target: Pick<Target, 'asked' | 'id' | 'region'>,
  { regions, residency }: Pick<Config, 'regions' | 'residency'>,
): string[] {
  const home = target.region;
  if (!regions.includes(home) || target.id.startsWith('arn:')) return [home];
  const others = regions.filter((region) => region !== home && hasProfile(region, target.asked));
  switch (residency) {
    case 'global':
      return [home, ...others];
    case 'geography':
      return [home, ...others.filter((region) => inOneGeography(home, region))];
    case 'region':
      return [home];
    default:
      return residency satisfies never;
  }
}

function hasProfile(region: string, asked: string): boolean {
  const geography = geographyOf(asked) ?? 'global';
  return geography === 'global' || geographiesOf(region).includes(geography);
}

/** Whether both are in a geography that has profiles of its own. */
export function inOneGeography(one: string, other: string): boolean {
  const prefixes = geographiesOf(one);
  return geographiesOf(other).some((prefix) => prefixes.includes(prefix));
}
