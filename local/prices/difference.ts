import { isDeepStrictEqual } from 'node:util';
import type { Snapshot, SnapshotModel, SnapshotRow } from './snapshot.ts';

/** Something that a new snapshot says differently. */
export interface Change {
  readonly model: string;
  /** For people: `global input 5 → 4 (-20 %)`. */
  readonly what: string;
  /** Why nobody takes it unasked; absent: it is as one would expect, or enough sources say so. */
  readonly refused?: string;
}

/** Sources that must agree on a change by which somebody would be surprised. */
const enough = 2;
/** A smaller change, up or down, needs no second source: prices are rounded differently. */
const unsurprising = 0.02;
/** A larger one is more likely a slip of the point or the unit than a price, whoever says it. */
const unbelievable = 4;
/** What the letters of these sources stand beside says nothing of prices. */
const notOfPrices = new Set(['A', 'C']);

type Value = number | undefined;

/** Everything in which two snapshots differ, model by model. */
export function differences(before: Snapshot, after: Snapshot): Change[] {
  const ids = [...new Set([...Object.keys(before.models), ...Object.keys(after.models)])].sort();
  return ids.flatMap((id) => {
    const [was, is] = [before.models[id], after.models[id]];
    if (!was) return [{ model: id, what: 'new' }];
    if (!is) return [{ model: id, what: 'is gone', refused: 'a model does not disappear by itself' }];
    return [...priceChanges(was, is), ...regionChanges(was, is), ...otherChanges(was, is)].map((change) => ({
      model: id,
      ...change,
    }));
  });
}

type Found = Omit<Change, 'model'>;

function priceChanges(was: SnapshotModel, is: SnapshotModel): Found[] {
  const scopes = [...new Set([...Object.keys(was.prices ?? {}), ...Object.keys(is.prices ?? {})])];
  return scopes.flatMap((scope): Found[] => {
    const [old, now] = [was.prices?.[scope], is.prices?.[scope]];
    if (!old) return [{ what: `${scope} is priced now` }];
    if (!now) return [{ what: `${scope} is not priced any more`, refused: 'a known price would be lost' }];
    const lost = (old.profiles ?? []).filter((profile) => !now.profiles?.includes(profile));
    const lostProfiles = lost.filter((profile) => !is.prices?.[profile]);
    return [
      ...valueChanges(old, now, (name) => agreeing(now, is.disagreements?.[scope]?.[name], name)).map(
        (change) => ({
          ...change,
          what: `${scope} ${change.what}`,
        }),
      ),
      ...(lostProfiles.length > 0
        ? [
            {
              what: `${scope} is not for ${lostProfiles.join(', ')} any more`,
              refused: 'a known price would be lost',
            },
          ]
        : []),
    ];
  });
}

/** The sources of a row that say what the row says of one price. */
function agreeing(row: SnapshotRow, said: Readonly<Record<string, number>> = {}, name: string): number {
  const value = valuesOf(row).get(name);
  const letters = [...row.sources].filter((letter) => !notOfPrices.has(letter));
  return letters.filter((letter) => !Object.hasOwn(said, letter) || said[letter] === value).length;
}

function regionChanges(was: SnapshotModel, is: SnapshotModel): Found[] {
  const regions = [...new Set([...Object.keys(was.regions ?? {}), ...Object.keys(is.regions ?? {})])];
  return regions.flatMap((region): Found[] => {
    const [old, now] = [was.regions?.[region], is.regions?.[region]];
    if (!old) return [{ what: `${region} is priced now` }];
    if (!now) return [{ what: `${region} is not priced any more`, refused: 'a known price would be lost' }];
    // Nobody says who says it.
    return valueChanges(old, now, () => 0).map((change) => ({ ...change, what: `${region} ${change.what}` }));
  });
}

function valueChanges(was: object, is: object, agree: (name: string) => number): Found[] {
  const [old, now] = [valuesOf(was), valuesOf(is)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Found[] => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from === to) return [];
    const what = `${name} ${shown(from)} → ${shown(to)}${percent(from, to)}`;
    const refused = whyRefused(from, to, agree(name));
    return [{ what, ...(refused !== undefined && { refused }) }];
  });
}

function whyRefused(from: Value, to: Value, sources: number): string | undefined {
  if (from === undefined) return undefined;
  if (to === undefined) return 'a known price would be lost';
  const ratio = from === 0 ? Number.POSITIVE_INFINITY : to / from;
  if (to === 0 || ratio > unbelievable || ratio < 1 / unbelievable)
    return `more than ${unbelievable} times as much or as little`;
  if (Math.abs(ratio - 1) <= unsurprising + 1e-9 || sources >= enough) return undefined;
  return `${sources === 1 ? 'one source says' : `${sources} sources say`} so, ${enough} are needed`;
}

/** Every number of a row by a name for people: `input`, `longContext input`, `tier flex output`. */
function valuesOf(row: object): Map<string, number> {
  const flat = (value: unknown, name: string): [string, number][] => {
    if (typeof value === 'number') return [[name, value]];
    if (typeof value !== 'object' || value === null) return [];
    const inside = Array.isArray(value) ? value.map((each) => ['', each]) : Object.entries(value);
    return inside.flatMap(([key, each]) => flat(each, [name, key].filter(Boolean).join(' ')));
  };
  return new Map(flat(row, ''));
}

const shown = (value: Value) => (value === undefined ? 'not known' : String(value));
const percent = (from: Value, to: Value) =>
  from && to !== undefined ? ` (${to > from ? '+' : ''}${Math.round((to / from - 1) * 1000) / 10} %)` : '';

/** What costs nobody anything: shown, never refused. */
function otherChanges(was: SnapshotModel, is: SnapshotModel): Found[] {
  const members = ['endOfLife', 'limits', 'lifecycle'] as const;
  return members.flatMap((name) =>
    isDeepStrictEqual(was[name], is[name])
      ? []
      : [{ what: `${name} ${JSON.stringify(was[name]) ?? 'none'} → ${JSON.stringify(is[name]) ?? 'none'}` }],
  );
}
