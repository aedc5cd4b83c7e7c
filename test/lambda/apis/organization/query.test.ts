import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageAt, readUsageQuery } from '../../../../lambda/apis/organization/query.ts';
import { daysOf, rules, usagePage } from '../../../../lambda/apis/organization/usage.ts';
import { dollarsOf } from '../../../../lambda/limits/amount.ts';
import { noUse, type Row, sumOf } from '../../../../lambda/limits/use.ts';

const day = 86_400;
const now = 1_795_824_000 + 12_345;
const read = (query: string, asked: keyof typeof rules = 'completions') =>
  readUsageQuery(new URLSearchParams(query), rules[asked], now);
const summing = { sum: sumOf, dollars: dollarsOf };

describe('the days that are asked for', () => {
  test('begin with that of start_time and end with that of end_time, or today', () => {
    expect(daysOf(read(`start_time=${now - 2 * day}`))).toHaveLength(3);
    expect(daysOf(read(`start_time=${now - 2 * day}&end_time=${now - day}`))).toHaveLength(2);
    expect(daysOf(read(`start_time=${now + 5 * day}&end_time=${now + 9 * day}`))).toEqual([]);
  });

  test('are no older than what is kept, whatever the start is', () => {
    expect(daysOf(read('start_time=0&limit=31'))).toHaveLength(31);
    expect(read('start_time=0').from).toBeGreaterThan(now - 402 * day);
  });

  test('come each once, page after page', () => {
    const span = fc.record({
      back: fc.integer({ min: 0, max: 300 }),
      length: fc.integer({ min: 1, max: 300 * day }),
      limit: fc.integer({ min: 1, max: 31 }),
    });
    fc.assert(
      fc.property(span, ({ back, length, limit }) => {
        const start = now - back * day;
        const asked = `start_time=${start}&end_time=${start + length}`;
        const all: string[] = [];
        let page: string | null = '';
        while (page !== null) {
          const query = read(`${asked}&limit=${limit}${page && `&page=${page}`}`);
          all.push(...daysOf(query));
          page = usagePage('completions', query, [], summing).next_page;
        }
        expect(new Set(all).size).toBe(all.length);
        const last = Math.min(start + length - 1, now);
        expect(all.length).toBe(Math.floor(last / day) - Math.floor(start / day) + 1);
      }),
    );
  });
});

test('whatever is sent is read or refused as a 400', () => {
  const name = fc.constantFrom(
    'start_time',
    'end_time',
    'limit',
    'page',
    'group_by',
    'bucket_width',
    'models',
    'x',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.oneof(fc.string(), fc.nat().map(String)))), (pairs) => {
      try {
        readUsageQuery(new URLSearchParams(pairs), rules.costs, now);
      } catch (error) {
        expect(error).toMatchObject({ status: 400 });
      }
    }),
  );
});

test('groups add up to the whole, exactly', () => {
  const row = fc.record({
    key: fc.constantFrom('ann', 'ben', 'a b'),
    model: fc.constantFrom('vendor.x', 'vendor.y#1', '-'),
    pico: fc.bigInt({ min: 0n, max: 10n ** 18n }),
  });
  const query = read(`start_time=${now}&group_by=model,api_key_id`, 'costs');
  const [today = ''] = daysOf(query);
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const all = rows.map(
        ({ pico, ...each }): Row => ({ ...each, day: today, use: { ...noUse, costPico: pico } }),
      );
      const sums: bigint[] = [];
      const page = usagePage('costs', query, all, {
        sum: sumOf,
        dollars: (pico) => {
          sums.push(pico);
          return dollarsOf(pico);
        },
      });
      expect(sums.reduce((sum, each) => sum + each, 0n)).toBe(sumOf(all).costPico);
      expect(page.data[0]?.results).toHaveLength(
        new Set(all.map(({ key, model }) => `${key}|${model}`)).size,
      );
    }),
  );
});

test('a page names the day that it begins with', () => {
  expect(read(`start_time=${now - 9 * day}&page=${pageAt(now - day)}`).from).toBe(
    Math.floor((now - day) / day) * day,
  );
});
