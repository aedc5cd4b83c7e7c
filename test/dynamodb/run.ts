import { HolderAccount } from '../../lambda/limits/accounts.ts';
import { standingOf } from '../../lambda/limits/standing.ts';
import { createTable } from '../../lambda/store/table.ts';
import { keyOf } from '../../lambda/store/types.ts';
import { askAt, makeTable, wrongWith } from './ask.ts';
import { cases } from './cases.ts';

/**
 * `npm run test:dynamodb`: asks a real DynamoDB, or DynamoDB Local, what the tests ask the simulator's stand-in, so that
 * the stand-in is known to tell the truth, and lets 200 reservations at once fight for 30 places on it. DYNAMODB_ENDPOINT
 * is where it is: `http://localhost:8000` for DynamoDB Local (`java -jar DynamoDBLocal.jar -inMemory`; its licence is
 * Amazon's own), `https://dynamodb.<region>.amazonaws.com` for AWS. Tables that it makes it deletes.
 */
const endpoint = process.env.DYNAMODB_ENDPOINT?.replace(/\/$/, '');
if (!endpoint) {
  console.error('Set DYNAMODB_ENDPOINT, for example to http://localhost:8000 for DynamoDB Local.');
  process.exit(2);
}
const ask = askAt(endpoint);
let [passed, failed] = [0, 0];
const report = (title: string, wrong: string | undefined) => {
  if (wrong === undefined) passed += 1;
  else failed += 1;
  console.log(wrong === undefined ? `ok      ${title}` : `FAILED  ${title}\n        ${wrong}`);
};

for (const [title, steps] of cases) {
  const TableName = await makeTable(ask);
  let wrong: string | undefined;
  for (const step of steps)
    wrong ??= wrongWith(step, await ask(step.operation, { TableName, ...step.input }));
  report(title, wrong);
  await ask('DeleteTable', { TableName });
}
report('200 reservations at once against a budget for 30', await fight());
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** The gateway's own client and arithmetic, on the table. */
async function fight(): Promise<string | undefined> {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  process.env.AWS_ACCESS_KEY_ID ??= 'AKIATEST';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test-secret';
  const name = await makeTable(ask);
  const clock = {
    random: Math.random,
    sleep: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  const table = createTable({
    name,
    region: process.env.AWS_REGION ?? 'us-east-1',
    clock,
    attemptMs: 30_000,
  });
  const holder = { kind: 'key', name: 'fight', limits: { dollarsPerDay: 4.5 } } as const;
  const amount = { tokens: 1, pico: 150_000_000_000n };
  const account = () => new HolderAccount(holder, 'slot', { table, now: Date.now });
  const all = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const own = account();
      return { own, refused: (await own.reserve(amount, true)).refusal };
    }),
  );
  const granted = all.filter(({ refused }) => !refused);
  const full = standingOf(await table.get(keyOf('KEY#fight', 'LIMIT'))).dayPico;
  await Promise.all(granted.map(({ own }) => own.settle(amount)));
  const empty = standingOf(await table.get(keyOf('KEY#fight', 'LIMIT'))).dayPico;
  await ask('DeleteTable', { TableName: name });
  const told = `${granted.length} were granted, ${full} was counted, and ${empty} when all had settled`;
  return granted.length === 30 && full === 4_500_000_000_000n && empty === 0n ? undefined : told;
}
