import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { PriceTable } from '../../lambda/prices/table.ts';
import { readSnapshot } from './snapshot.ts';
import { asText } from './to-table.ts';
import { update } from './update.ts';

const usage = `Usage: npm run prices -- FILE [--accept MODEL]… [--check]

Takes a newer snapshot of prices, shows in what it differs from the one there is, and writes lambda/prices/table.json and
local/prices/snapshot.json. A change by which somebody would be surprised needs two sources that agree on it, or
  --accept MODEL   it was looked at, and is right ('*': all of them)
  --check          writes nothing
Then \`npm run docs\` and \`npm test\`: docs/prices.md and the families' limits follow from the same file.`;

const paths = {
  snapshot: new URL('./snapshot.json', import.meta.url),
  table: new URL('../../lambda/prices/table.json', import.meta.url),
};

/** Returns the exit status: 0 written or nothing to do, 1 refused, 2 not understood. */
function run(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { accept: { type: 'string', multiple: true }, check: { type: 'boolean' } },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error('Exactly one file is needed.');
  const before = {
    snapshot: readSnapshot(readFileSync(paths.snapshot, 'utf8')),
    table: JSON.parse(readFileSync(paths.table, 'utf8')) as PriceTable,
  };
  const text = readFileSync(file, 'utf8');
  const { changes, result } = update(text, before, values.accept ?? []);
  for (const { model, what, refused } of changes)
    console.log(
      `${refused === undefined ? ' ' : '!'} ${model}: ${what}${refused ? `   refused: ${refused}` : ''}`,
    );
  if (!result) {
    const refused = changes.filter((change) => change.refused !== undefined);
    console.error(`Nothing was written: ${refused.length} of ${changes.length} changes were refused.`);
    return 1;
  }
  const table = asText(result.table);
  const size = `${Object.keys(result.table.models).length} models, ${(table.length / 1000).toFixed(1)} KB`;
  if (values.check) console.log(`Nothing was written. The table would have ${size}.`);
  else {
    writeFileSync(paths.table, table);
    writeFileSync(paths.snapshot, text);
    console.log(`Written: ${size}, prices as of ${result.table.asOf}.`);
  }
  return 0;
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exitCode = 2;
}
