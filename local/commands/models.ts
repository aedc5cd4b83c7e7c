import { type ListedPrices, openaiModelList } from '../../lambda/apis/models/openai-models.ts';
import { selectModels } from '../../lambda/apis/models/select.ts';
import type { Config } from '../../lambda/config.ts';
import type { CatalogueEntry } from '../../lambda/models/catalogue/entry.ts';
import type { Io } from '../io.ts';
import { createParts, exit, readArgs, reporting, table, UsageError } from './command.ts';
import { perMillion } from './price-text.ts';

const usage = `Usage: gateway models [--json] [--all] [--type TYPE[,TYPE]] [--output MODALITY[,MODALITY]]

Lists what the account can call in the configured regions, with the price of a million tokens in dollars.
  --type    foundation, profile, application-profile, imported, custom, provisioned, router, marketplace, alias
  --output  TEXT, IMAGE, EMBEDDING, ...
  --all     also what has ended and what no route of the gateway serves
  --json    what GET /v1/models answers, in its order

A technique goes before the name of a model (bon-<model>): gateway resolve says what it would do.`;

/** `gateway models`: the list that clients see, as a table or as JSON. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      json: { type: 'boolean' },
      all: { type: 'boolean' },
      type: { type: 'string' },
      output: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    if (positionals.length > 0)
      throw new UsageError(`models takes options only. What ${positionals[0]} is, says gateway resolve.`);
    const parts = createParts(io.env);
    const models = await parts.models();
    const entries = selectModels(await models.entries(), values);
    io.stdout.write(
      values.json
        ? `${JSON.stringify(openaiModelList(entries, parts.prices), null, 2)}\n`
        : asTable(entries, parts.prices),
    );
    if (!values.json) io.stderr.write(howToAsk(parts.config));
    for (const warning of models.warnings()) io.stderr.write(`Warning: ${warning}\n`);
    return exit.ok;
  });
}

/** Beside the table, which others read: the list is not multiplied by techniques. */
function howToAsk({ optimisation }: Config): string {
  const off = optimisation ? '' : ' They are off here: ENABLE_OPTIMISATION is not set.';
  return `Optimisation techniques go before any of these names: bon-<model>, 're2&moa-<model>'. What would run says gateway resolve.${off}\n`;
}

const heading = ['MODEL', 'TYPE', 'REGIONS', 'BEHIND IT', 'CONTEXT', 'OUTPUT', '$ IN', '$ OUT', 'STATUS'];

function asTable(entries: readonly CatalogueEntry[], prices: ListedPrices): string {
  return table([heading, ...[...entries].sort(byName).map((entry) => row(entry, prices))]);
}

/** As people look for a name: numbers by their value, capitals beside small letters. */
const { compare } = new Intl.Collator('en', { numeric: true });
const byName = (a: CatalogueEntry, b: CatalogueEntry): number => compare(a.id, b.id);

function row(entry: CatalogueEntry, prices: ListedPrices): string[] {
  const { capabilities, lifecycle, underlying } = entry;
  const { price, endOfLife } = prices(entry);
  const status = lifecycle?.status ?? '-';
  return [
    entry.id,
    entry.type,
    entry.regions.join(','),
    underlying === undefined || underlying === entry.id ? '-' : underlying,
    tokens(capabilities.contextTokens),
    entry.output.join(',') || '-',
    perMillion(price?.input),
    perMillion(price?.output),
    endOfLife !== undefined && status !== 'END_OF_LIFE' ? `${status}, ends ${endOfLife}` : status,
  ];
}

const tokens = (count: number | undefined) => (count === undefined ? '-' : count.toLocaleString('en-US'));
