import type { CatalogueEntry } from './entry.ts';

/** What a name finds: things of one name may differ, and then a person has to say which is meant. */
export type Found =
  | { kind: 'one'; entry: CatalogueEntry }
  | { kind: 'many'; entries: CatalogueEntry[] }
  | { kind: 'none' };

/**
 * Finds by id or any other name; among regions the wanted one comes first, then the order of the rows. What
 * cannot be called is found only where nothing else has the name.
 */
export function findEntry(rows: readonly CatalogueEntry[], name: string, region?: string): Found {
  const named = rows.filter((row) => row.id === name);
  const matches = named.length > 0 ? named : rows.filter((row) => row.names.includes(name));
  const wanted = matches.filter((row) => row.region === region);
  const nearest = wanted.length > 0 ? wanted : matches.filter((row) => row.region === matches[0]?.region);
  const listed = nearest.filter((row) => row.listed);
  return only(listed.length > 0 ? listed : nearest);
}

/** `custom.{id}`: one model may be found as deployment and as provisioned throughput; the first will do. */
export function findCustom(rows: readonly CatalogueEntry[], name: string, region?: string): Found {
  const matches = rows.filter((row) => row.names.includes(name));
  const entry = matches.find((row) => row.region === region) ?? matches[0];
  return entry ? { kind: 'one', entry } : { kind: 'none' };
}

/**
 * A foundation model by its short name: the id without provider, and then without version and date
 * (`anthropic.claude-x-20250929-v1:0` is also `claude-x-20250929` and `claude-x`). Dots count as hyphens, and the
 * provider may stand before a slash. Only a name that fits exactly one model finds it, but for `claude-x-latest`, which
 * is the newest of those that it fits.
 */
export function findShortName(rows: readonly CatalogueEntry[], name: string, region?: string): Found {
  const [, provider, short = ''] = /^(?:([\w-]+)\/)?(.*)$/s.exec(plain(name)) ?? [];
  const models = rows.filter(
    ({ type, modelId }) =>
      type === 'foundation' && (provider === undefined || modelId.startsWith(`${provider}.`)),
  );
  for (const wanted of spellings(short)) {
    const fits = models.filter(({ modelId }) => shortNames(modelId).has(wanted));
    if (fits.length > 0) return only(newest(nearby(fits, region), short));
  }
  return { kind: 'none' };
}

const nearby = (fits: CatalogueEntry[], region: string | undefined) => [
  ...fits.filter((row) => row.region === region),
  ...fits,
];

/** What a vendor's own names say in other words: Anthropic's `-latest` and `-4-0`, Vertex AI's date behind an `@`. */
const spellings = (name: string): Set<string> =>
  new Set([name, name.replace('@', '-'), name.replace(latest, ''), name.replace(/(-\d)-0$/, '$1')]);

const latest = /-latest$/;

/** Ids of one name differ in their dates, which stand before their versions. */
function newest(fits: CatalogueEntry[], name: string): CatalogueEntry[] {
  if (!latest.test(name)) return fits;
  const last = fits
    .map(({ modelId }) => modelId)
    .sort()
    .at(-1);
  return fits.filter(({ modelId }) => modelId === last);
}

/** Names of models, not of what the account owns, that share most words with one that was not found. */
export function nearestNames(rows: readonly CatalogueEntry[], name: string, count = 3): string[] {
  const wanted = words(name);
  const candidates = rows.filter(
    (row) =>
      row.listed && row.notListed === undefined && (row.type === 'foundation' || row.type === 'profile'),
  );
  return [...new Set(candidates.map((row) => row.id))]
    .map((id) => ({ id, shared: words(id).filter((word) => wanted.includes(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.id.length - b.id.length || a.id.localeCompare(b.id))
    .slice(0, count)
    .map(({ id }) => id);
}

function only(entries: CatalogueEntry[]): Found {
  const [entry] = entries;
  if (!entry) return { kind: 'none' };
  const calls = new Set(entries.map((candidate) => candidate.modelId));
  return calls.size === 1 ? { kind: 'one', entry } : { kind: 'many', entries };
}

/** `-v1:0`, `-v2`, and a bare `-1:0`; a number that is not followed by `:n` belongs to the model's name. */
const version = /(-v\d+(:\d+)?|-\d:\d+)$/;
const date = /-\d{8}$/;

function shortNames(modelId: string): Set<string> {
  const whole = modelId.slice(modelId.indexOf('.') + 1);
  const unversioned = whole.replace(version, '');
  const names = [whole, whole.replace(/:\d+$/, ''), unversioned, unversioned.replace(date, '')];
  return new Set(names.map(plain));
}

const plain = (name: string) => name.toLowerCase().replaceAll('.', '-');
const words = (name: string) =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
