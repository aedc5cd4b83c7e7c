import { expect, test } from 'vitest';
import { createAttempts, mostAttempts } from '../../../lambda/admin/attempts.ts';
import { simulatedTable } from '../../support/simulated-table.ts';

const some = async (attempts: ReturnType<typeof createAttempts>, count: number) =>
  (await Promise.all(Array.from({ length: count }, () => attempts.take()))).filter(
    (wait) => wait === undefined,
  );

test('O23: of twenty at once ten pass, in several processes too, until the window is over', async () => {
  let now = 1_795_824_000_000;
  const table = simulatedTable();
  const [one, other] = [createAttempts(table, () => now), createAttempts(table, () => now)];
  const passed = await Promise.all([some(one, 10), some(other, 10)]);
  expect(passed.flat()).toHaveLength(mostAttempts);
  expect(await one.take()).toBeGreaterThan(0);
  now += (await other.take()) ?? 0;
  expect(await other.take()).toBeUndefined();
});

test('a key that was right takes nothing', async () => {
  const attempts = createAttempts(simulatedTable(), () => 1_795_824_000_000);
  for (let at = 0; at < 3 * mostAttempts; at += 1) {
    expect(await attempts.take()).toBeUndefined();
    await attempts.giveBack();
  }
});

test.each([
  ['without a table', undefined],
  ['while it does not answer', { update: () => Promise.reject(new Error('no')) }],
])('%s they are counted in memory', async (_, table) => {
  const attempts = createAttempts(table, () => 1_795_824_000_000);
  expect(await some(attempts, 20)).toHaveLength(mostAttempts);
});
