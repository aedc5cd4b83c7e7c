import type { Listings } from '../../bedrock/control-plane.ts';
import type { CatalogueEntry, CatalogueType } from './entry.ts';

/** One region's listings; a listing that failed is absent. */
export type RegionListings = Partial<Listings>;

/** A catalogue entry before it is completed from the model behind it. */
export type Row = Omit<
  CatalogueEntry,
  'capabilities' | 'regions' | 'provider' | 'endpoints' | 'notListed'
> & { provider?: string };

/** Words for something that exists and cannot be called. All others, known or new, count as callable. */
const notCallable = new Set(['Creating', 'Failed', 'INCOMPATIBLE_ENDPOINT']);

/** What all that is called by its ARN has in common. */
export function callable(type: CatalogueType, id: string, region: string, arn: string, status?: string) {
  const listed = status === undefined || !notCallable.has(status);
  return { id, type, name: id, modelId: arn, arn, region, names: [arn], input: [], output: [], listed };
}
