import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayOf } from '../../lambda/limits/days.ts';
import { bucketsMs } from '../../lambda/limits/use.ts';
import { createPricing } from '../../lambda/prices/load.ts';
import type { DynamoDb } from '../simulator/dynamodb/service.ts';

/** Models of the made-up use, with how fast each begins to answer. */
const models = [
  {
    profile: 'global.',
    id: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    weight: 5,
    firstMs: 900,
    cached: 0.7,
  },
  {
    profile: 'global.',
    id: 'anthropic.claude-haiku-4-5-20251001-v1:0',
    weight: 8,
    firstMs: 400,
    cached: 0.5,
  },
  { profile: '', id: 'amazon.nova-lite-v1:0', weight: 4, firstMs: 300, cached: 0 },
  { profile: '', id: 'amazon.nova-pro-v1:0', weight: 2, firstMs: 600, cached: 0.2 },
  { profile: '', id: 'amazon.titan-embed-text-v2:0', weight: 3, firstMs: 90, cached: 0 },
] as const;

/** The keys beside that of the person who looks. */
const demoKeys = [
  { name: 'ann', team: 'research', limits: { dollarsPerMonth: 400, requestsPerMinute: 60 } },
  { name: 'ben', team: 'research' },
  { name: 'support-bot', limits: { dollarsPerDay: 40, tokensPerMinute: 200_000 } },
  { name: 'nightly-batch', expires: '2031-12-31' },
] as const;

/** What is made up is the same at every start. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    // The multiplier and increment of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * A key file in the folder of temporary files: `key` with the right `admin`, and those of the demo, whose keys nobody has.
 * Returns its path.
 */
export async function demoKeysFile(key: string): Promise<string> {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const keys = [
    { name: 'you', sha256: sha256(key), admin: true },
    ...demoKeys.map((record) => ({ ...record, sha256: sha256(`${key} ${record.name}`) })),
  ];
  const path = join(await mkdtemp(join(tmpdir(), 'gateway-demo-')), 'keys.json');
  const teams = [{ name: 'research', limits: { dollarsPerMonth: 1000 } }];
  await writeFile(path, JSON.stringify({ keys, teams }), { mode: 0o600 });
  return path;
}

/** Fills thirty days of the simulator's table with use that nobody has had. */
export function fillUsage(dynamoDb: DynamoDb, table: string, region: string, now: number): void {
  const chance = dice(20);
  const { cost } = createPricing({ prices: {} });
  const target = dynamoDb.tables.find(table);
  const spent = new Map<string, { day: bigint; month: bigint }>();
  for (let before = 29; before >= 0; before -= 1) {
    const at = now - before * 86_400_000;
    const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
    for (const [which, { name }] of demoKeys.entries()) {
      for (const model of models) {
        if (chance() < 0.25) continue;
        const requests = Math.ceil(
          model.weight * (30 + 90 * chance()) * (isWeekend ? 0.3 : 1) * (1 + which / 3),
        );
        const counted = countersOf(model, requests, chance);
        const { pico } = cost({ modelId: `${model.profile}${model.id}`, region, at }, counted.tokens);
        const costPico = pico ?? 0n;
        const sum = spent.get(name) ?? { day: 0n, month: 0n };
        const isThisMonth = dayOf(at).slice(0, 7) === dayOf(now).slice(0, 7);
        spent.set(name, {
          day: sum.day + (before === 0 ? costPico : 0n),
          month: sum.month + (isThisMonth ? costPico : 0n),
        });
        const numbers = { ...counted.counters, costPico, unpriced: pico === null ? requests : 0, lastAt: at };
        const item = { pk: { S: `DAY#${dayOf(at)}` }, sk: { S: `${name}#${model.id}` } };
        target.put({ ...item, ...attributes(numbers) }, 'Item size');
      }
    }
  }
  for (const [name, { day, month }] of spent) {
    const date = new Date(now);
    const counters = {
      dayStart: Math.floor(now / 86_400_000),
      monthStart: date.getUTCFullYear() * 12 + date.getUTCMonth(),
      dayPico: day,
      monthPico: month,
    };
    target.put({ pk: { S: `KEY#${name}` }, sk: { S: 'LIMIT' }, ...attributes(counters) }, 'Item size');
  }
}

function countersOf({ firstMs, cached }: (typeof models)[number], requests: number, chance: () => number) {
  const read = Math.round(requests * (800 + 2400 * chance()));
  const output = firstMs < 100 ? 0 : Math.round(requests * (150 + 500 * chance()));
  const cacheRead = Math.round(read * cached);
  const cacheWrite = Math.round(read * cached * 0.05);
  const rare = (share: number) => Math.floor(requests * share * chance());
  const histogram: Record<string, number> = {};
  for (let each = 0; each < requests; each += 1) {
    const ms = firstMs * (0.6 + chance() + (chance() > 0.95 ? 6 : 0));
    const bucket = bucketsMs.findIndex((most) => ms <= most);
    histogram[`firstToken${bucket}`] = (histogram[`firstToken${bucket}`] ?? 0) + 1;
  }
  return {
    tokens: { input: read - cacheRead - cacheWrite, output, cacheRead, cacheWrite, cacheWriteLong: 0 },
    counters: {
      requests,
      bedrockCalls: requests + rare(0.04),
      inputTokens: read - cacheRead - cacheWrite,
      outputTokens: output,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
      writingMs: Math.round(output * (9 + 8 * chance())),
      clientErrors: rare(0.03),
      serverErrors: rare(0.015),
      throttled: rare(0.03),
      fallbacks: rare(0.02),
      brokenStreams: rare(0.008),
      ...histogram,
    },
  };
}

const attributes = (numbers: Record<string, number | bigint>) =>
  Object.fromEntries(
    Object.entries(numbers)
      .filter(([, value]) => value)
      .map(([name, value]) => [name, { N: String(value) }]),
  );
