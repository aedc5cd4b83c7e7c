import { describe, expect, test } from 'vitest';
import { alertsDue, alertUpdate, type BudgetName } from '../../../lambda/limits/alerts.ts';
import { windowsAt } from '../../../lambda/limits/windows.ts';
import { keyOf } from '../../../lambda/store/types.ts';

const at = Date.UTC(2026, 10, 28, 12);
const { minute, day, month } = windowsAt(at);
const dollar = 1_000_000_000_000n;

interface Case {
  limits: object;
  dayPico?: bigint;
  monthPico?: bigint;
  windows?: object;
  alerted?: { day: number; month: number; dayOf?: bigint };
  refused?: BudgetName;
}
const due = ({ limits, windows, alerted, refused, ...used }: Case) =>
  alertsDue({
    limits,
    standing: {
      windows: { minute, day, month, ...windows },
      ...{ requests: 0, tokens: 0, dayPico: 0n, monthPico: 0n, slots: [], ...used },
      ...(alerted && { alerted }),
    },
    refused,
    at,
  }).map(({ limit, percent }) => [limit, percent]);

const tenADay = { dollarsPerDay: 10 };

describe('an alert', () => {
  test.each<[string, Case, [BudgetName, number][]]>([
    ['is not due below 80 %', { limits: tenADay, dayPico: 8n * dollar - 1n }, []],
    ['is due at 80 %', { limits: tenADay, dayPico: 8n * dollar }, [['dollarsPerDay', 80]]],
    [
      'is the higher one where both are reached',
      { limits: tenADay, dayPico: 12n * dollar },
      [['dollarsPerDay', 100]],
    ],
    [
      'is due for each budget',
      { limits: { dollarsPerDay: 10, dollarsPerMonth: 100 }, dayPico: 10n * dollar, monthPico: 85n * dollar },
      [
        ['dollarsPerDay', 100],
        ['dollarsPerMonth', 80],
      ],
    ],
    [
      'is at 100 % where the budget was too small for what was asked',
      { limits: tenADay, dayPico: 9n * dollar, refused: 'dollarsPerDay' },
      [['dollarsPerDay', 100]],
    ],
    [
      'is given once in a window',
      { limits: tenADay, dayPico: 9n * dollar, alerted: { day: day * 1000 + 80, month: 0 } },
      [],
    ],
    [
      'is given anew of a budget that was raised since',
      {
        limits: { dollarsPerDay: 20 },
        dayPico: 16n * dollar,
        alerted: { day: day * 1000 + 100, month: 0, dayOf: 10n * dollar },
      },
      [['dollarsPerDay', 80]],
    ],
    [
      'is not given anew of the same one',
      {
        limits: tenADay,
        dayPico: 10n * dollar,
        alerted: { day: day * 1000 + 100, month: 0, dayOf: 10n * dollar },
      },
      [],
    ],
    [
      'of 100 % comes after that of 80 %',
      { limits: tenADay, dayPico: 10n * dollar, alerted: { day: day * 1000 + 80, month: 0 } },
      [['dollarsPerDay', 100]],
    ],
    [
      'is due again in the next window',
      { limits: tenADay, dayPico: 9n * dollar, alerted: { day: (day - 1) * 1000 + 100, month: 0 } },
      [['dollarsPerDay', 80]],
    ],
    [
      'says nothing of what a window before has used',
      { limits: tenADay, dayPico: 9n * dollar, windows: { day: day - 1 } },
      [],
    ],
    ['is for money alone', { limits: { requestsPerMinute: 1 }, dayPico: 10n * dollar }, []],
  ])('%s', (_, given, expected) => {
    expect(due(given)).toEqual(expected);
  });

  test('is one conditional write, so that one of all who find it due gives it', () => {
    const alert = {
      limit: 'dollarsPerMonth',
      percent: 80,
      usedPico: 0n,
      mark: month * 1000 + 80,
      ofPico: dollar,
    } as const;
    expect(alertUpdate(keyOf('KEY#ann', 'LIMIT'), alert)).toEqual({
      key: { pk: { S: 'KEY#ann' }, sk: { S: 'LIMIT' } },
      expression: 'SET monthAlerted = :mark, monthAlertedOf = :of',
      condition:
        'attribute_not_exists(monthAlerted) OR monthAlerted < :mark OR (attribute_exists(monthAlertedOf) AND monthAlertedOf <> :of)',
      values: { ':mark': { N: String(month * 1000 + 80) }, ':of': { N: String(dollar) } },
    });
  });
});
