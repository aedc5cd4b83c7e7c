/** One row of the catalogue. Modalities: T text, I image, V video, S speech, E embedding. */
export interface CatalogueRow {
  id: string;
  name: string;
  /** `T` unless said. */
  input?: string;
  output?: string;
  /** Callable by its bare id. A model with geographies and without this needs a profile. */
  onDemand?: boolean;
  /** Geographies of its system-defined profiles. */
  geographies?: readonly Geography[];
  lifecycle?: 'legacy' | 'ended';
  /** The day of its end, where AWS has named one: YYYY-MM-DD. */
  ends?: string;
  streams?: false;
  /** Where it is, if not everywhere. */
  regions?: readonly string[];
}

export type Geography = 'us' | 'eu' | 'in' | 'apac' | 'global';

export const everywhere: readonly Geography[] = ['us', 'eu', 'apac', 'global'];
export const us: readonly Geography[] = ['us'];
export const regional: readonly Geography[] = ['us', 'eu', 'apac'];

export const claude = (id: string, name: string, more: Partial<CatalogueRow> = {}): CatalogueRow => ({
  id: `anthropic.claude-${id}`,
  name: `Claude ${name}`,
  input: 'TI',
  geographies: everywhere,
  ...more,
});
export const row = (id: string, name: string, more: Partial<CatalogueRow> = {}): CatalogueRow => ({
  id,
  name,
  onDemand: true,
  ...more,
});
export const profileOnly = (id: string, name: string, more: Partial<CatalogueRow> = {}): CatalogueRow => ({
  id,
  name,
  geographies: us,
  ...more,
});
export const embedding = { output: 'E', streams: false } as const;

/** For models of many sizes: those that a `global.` profile reaches too. */
export const usAndGlobal: readonly Geography[] = ['us', 'global'];
/** Legacy, with the day of its end. */
export const until = (ends: string) => ({ lifecycle: 'legacy', ends }) as const;
