import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, limitsTable, settled, spend, startLimited } from '../support/limited.ts';
import type { Stack } from '../support/stack.ts';

/** The log says once in a window that 80 and 100 % of a budget are spent. */

let stack: Stack;
beforeAll(async () => {
  stack = await startLimited({
    keys: { ann: { limits: { dollarsPerDay: 5 }, team: 'red' } },
    teams: { red: { dollarsPerMonth: 100 } },
  });
});
afterAll(() => stack.close());

const dollar = 1_000_000_000_000n;
const asked = async (count: number): Promise<number[]> => {
  const answers = await Promise.all(Array.from({ length: count }, () => ask(stack, 'ann')));
  await settled(stack);
  return answers.map(({ status }) => status);
};
const alerts = () => stack.logs.filter(({ message }) => message === 'budget');

describe('the alerts of a budget', () => {
  test('come at 80 and at 100 %, each once however many requests follow, and none for the team', async () => {
    await spend(stack, 'KEY#ann', 4n * dollar - 1n);
    const statuses = await asked(3);
    await spend(stack, 'KEY#ann', dollar);
    statuses.push(...(await asked(3)));
    await settled(stack);
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
    expect(alerts().map(({ key, limit, percent, ofUsd }) => [key, limit, percent, ofUsd])).toEqual([
      ['ann', 'dollarsPerDay', 80, 5],
      ['ann', 'dollarsPerDay', 100, 5],
    ]);
    for (const { usedUsd } of alerts()) expect(Number(usedUsd)).toBeGreaterThanOrEqual(4);
  });

  test('come anew, and once, of a budget that was raised in the middle of its day', async () => {
    const raised = await startLimited({ keys: { ann: { limits: { dollarsPerDay: 10 } } } });
    const table = raised.simulator.dynamoDb.tables.find(limitsTable);
    const [before] = stack.simulator.dynamoDb.items(limitsTable).filter(({ pk }) => pk?.S === 'KEY#ann');
    expect(before?.dayAlerted).toBeDefined();
    table.put({ ...before, dayPico: { N: String(8n * dollar) } }, 'Item size');
    for (let i = 0; i < 2; i += 1) {
      await ask(raised, 'ann');
      await settled(raised);
    }
    const said = raised.logs.filter(({ message }) => message === 'budget');
    await raised.close();
    expect(said.map(({ limit, percent, ofUsd }) => [limit, percent, ofUsd])).toEqual([
      ['dollarsPerDay', 80, 10],
    ]);
  });
});
