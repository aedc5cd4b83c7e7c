import { readFileSync } from 'node:fs';
import { priceTable } from '../../lambda/prices/table.ts';
import { readSnapshot, type SnapshotRow, type SnapshotTokens, unitMembers } from '../prices/snapshot.ts';

/** The parts of docs/prices.md that follow from the snapshot that the price table was made of. */

const snapshot = readSnapshot(readFileSync(new URL('../prices/snapshot.json', import.meta.url), 'utf8'));
const models = Object.entries(snapshot.models);

export const pricesAsOf = (): string =>
  `Prices as of **${snapshot.asOf}**: ${models.length} models, ${priced().length} with a price, ${agreed().length} of these by two sources or more.`;

const priced = () => models.filter(([, { prices }]) => Object.keys(prices ?? {}).length > 0);
const agreed = () =>
  priced().filter(([, { prices }]) => Object.values(prices ?? {}).some(({ sources }) => sources.length > 1));

export const sourcesTable = (): string =>
  table(
    ['', 'Source', 'As of', 'Licence'],
    Object.entries(snapshot.sources).map(([letter, { name, date, licence = '–', caution }]) => [
      letter,
      caution ? `${name}; ${caution}` : name,
      date,
      licence,
    ]),
  );

/** Every row, with the sources that have it. USD for a million tokens. */
export const pricesTable = (): string =>
  table(
    ['Model', 'Scope', 'Input', 'Output', 'Cache read', 'write', '1 h', 'More', 'Sources'],
    priced().flatMap(([id, { prices, regions = {} }]) => [
      ...Object.entries(prices ?? {}).map(([scope, row]) => [
        code(id),
        row.profiles ? row.profiles.map(code).join(' ') : code(scope),
        ...tokenCells(row),
        more(row),
        row.sources,
      ]),
      ...Object.entries(regions).map(([region, row]) => [code(id), code(region), ...tokenCells(row), '', '']),
    ]),
  );

export const disagreementsTable = (): string =>
  table(
    ['Model', 'Scope', 'Price', 'What the sources say', 'The table has'],
    models.flatMap(([id, { prices, disagreements = {} }]) =>
      Object.entries(disagreements).flatMap(([scope, by]) =>
        Object.entries(by).map(([name, said]) => [
          code(id),
          code(scope),
          name,
          Object.entries(said)
            .map(([letter, usd]) => `${letter} ${usd}`)
            .join(', '),
          String((prices?.[scope] as SnapshotTokens | undefined)?.[name as keyof SnapshotTokens] ?? '–'),
        ]),
      ),
    ),
  );

export const unpricedList = (): string =>
  models
    .filter(([id]) => !priced().some(([other]) => other === id))
    .map(([id]) => code(id))
    .join(', ');

export const endings = (): string => {
  const days = new Map<string, string[]>();
  for (const [id, { endOfLife }] of Object.entries(priceTable.models))
    if (endOfLife && endOfLife >= snapshot.asOf)
      days.set(endOfLife, [...(days.get(endOfLife) ?? []), code(id)]);
  return table(
    ['Day', 'Models'],
    [...days].sort(([one], [other]) => one.localeCompare(other)).map(([day, ids]) => [day, ids.join(', ')]),
  );
};

const tokenCells = ({ input, output, cacheRead, cacheWrite, cacheWrite1h }: SnapshotTokens) =>
  [input, output, cacheRead, cacheWrite, cacheWrite1h].map((usd) => (usd === undefined ? '' : String(usd)));

function more(row: SnapshotRow): string {
  const [long] = row.longContext ?? [];
  const units = unitMembers.flatMap((name) => (row[name] === undefined ? [] : [`${name} ${row[name]}`]));
  const tiers = Object.entries(row.tiers ?? {}).map(([tier, price]) =>
    typeof price === 'number' ? `${tier} × ${price}` : `${tier} ${price.input} / ${price.output}`,
  );
  const above = long
    ? [
        `above ${long.inputTokensAbove.toLocaleString('en-US')}: ${tokenCells(long).filter(Boolean).join(' / ')}`,
      ]
    : [];
  return [...above, ...tiers, ...units].join('; ');
}

const code = (text: string) => `\`${text}\``;

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), `|${'---|'.repeat(heading.length)}`, ...rows.map(line)].join('\n');
}
