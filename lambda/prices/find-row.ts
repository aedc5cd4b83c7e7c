import { arnKind } from '../models/names/arn-kinds.ts';
import { baseModelId, geographyOf, parseArn } from '../models/names/model-id.ts';
import { geographiesOf } from '../models/profiles/geography.ts';
import type { PricedModel, PriceRow, PriceTable } from './table.ts';
import type { CalledModel, UnknownReason } from './types.ts';

/** The price of a model in a scope, and the day from which it holds. */
export interface FoundRow {
  readonly row: PriceRow;
  readonly scope: string;
  /** `2026-11-20`, or `override` where the settings have a part of it. */
  readonly from: string;
}

export type Found = { rows: readonly [FoundRow, ...FoundRow[]] } | { reason: UnknownReason };

/** Called by an ARN of the account's own, and billed by the time that it runs. */
const byTime: ReadonlySet<string> = new Set([
  'imported-model',
  'custom-model',
  'custom-model-deployment',
  'provisioned-model',
  'endpoint',
]);

/**
 * The rows that may hold for a call: mostly one, that of the scope in the id that was called. Of an application
 * inference profile nobody says what it was made of, so all that it can have been made of are rows of it.
 */
export function findRows(table: PriceTable, called: CalledModel): Found {
  const arn = parseArn(called.modelId);
  const kind = arn && arnKind(arn.resource);
  if (arn && byTime.has(arn.resource)) return { reason: 'not_priced_per_token' };
  const isApplication = arn?.resource === 'application-inference-profile';
  const isNamed = kind === undefined || kind === 'foundation' || kind === 'profile';
  if (!isNamed && !isApplication) return { reason: 'not_priced' };
  const named = isApplication ? called.underlying : called.modelId;
  const model = named === undefined ? undefined : modelOf(table, baseModelId(named));
  if (!model) return { reason: 'not_priced' };
  const own = { model, region: arn?.region || called.region, day: dayOf(called.at), since: table.since };
  const geography = geographyOf(called.modelId);
  const rows = isApplication
    ? ['', ...geographiesOf(own.region), 'global'].flatMap((scope) => rowOf(own, scope) ?? [])
    : [rowOf(own, geography ?? '')].filter((row) => row !== undefined);
  const [first, ...others] = rows;
  return first ? { rows: [first, ...others] } : { reason: 'not_priced' };
}

/**
 * The same for a call that is still to be made: a bare id, which Bedrock may refuse, can become a call by any profile
 * that the region has.
 */
export function findReachable(table: PriceTable, called: CalledModel): Found {
  const found = findRows(table, called);
  const arn = parseArn(called.modelId);
  if (arn ? arn.resource !== 'foundation-model' : geographyOf(called.modelId) !== undefined) return found;
  const model = modelOf(table, baseModelId(called.modelId));
  if (!model) return found;
  const own = { model, region: called.region, day: dayOf(called.at), since: table.since };
  const byProfile = [...geographiesOf(called.region), 'global'].flatMap((scope) => rowOf(own, scope) ?? []);
  const [first, ...others] = ['rows' in found ? found.rows : [], byProfile].flat();
  return first ? { rows: [first, ...others] } : found;
}

/** What an id says of where a call may travel: `region`, `global` or the geography; undefined for what hides it. */
export function scopeOf(modelId: string): string | undefined {
  const arn = parseArn(modelId);
  if (arn && !['foundation-model', 'inference-profile'].includes(arn.resource)) return undefined;
  return geographyOf(modelId) ?? 'region';
}

/** The id of the inference profile that an id or ARN names, AWS's own or the account's; undefined for what is none. */
export function profileOf(modelId: string): string | undefined {
  const arn = parseArn(modelId);
  if (!arn) return geographyOf(modelId) && modelId;
  return arn.resource.endsWith('inference-profile') ? arn.id : undefined;
}

const modelOf = ({ models }: PriceTable, id: string) => (Object.hasOwn(models, id) ? models[id] : undefined);

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

interface Place {
  model: PricedModel;
  region: string;
  /** The day of the call. */
  day: string;
  since: string;
}

/** `geography` is empty for a bare id. */
function rowOf({ model, region, day, since }: Place, geography: string): FoundRow | undefined {
  const { prices, regions } = model;
  const own = (scope: string) => (Object.hasOwn(prices, scope) ? prices[scope] : undefined);
  const inRegion = regions && Object.hasOwn(regions, region) ? regions[region] : undefined;
  const bare = () =>
    // GovCloud has prices of its own, and the cache's stand with the scope.
    region.startsWith('us-gov-') ? (own('us-gov') ?? inRegion) : (inRegion ?? own('region') ?? own('mantle'));
  const rows = geography === '' ? bare() : (own(geography) ?? own('geo')?.filter(isFor(geography)));
  // A clock that is behind the first snapshot has no older price to go by.
  const row = rows?.find(({ from }) => from === undefined || from <= day) ?? rows?.at(-1);
  return row && { row, scope: geography || 'region', from: row.from ?? since };
}

const isFor =
  (geography: string) =>
  ({ profiles = [] }: PriceRow): boolean =>
    profiles.includes(geography);
