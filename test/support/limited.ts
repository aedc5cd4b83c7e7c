import { afterEach } from 'vitest';
import type { Limits } from '../../lambda/auth/limits-record.ts';
import { haiku } from './chat.ts';
import { keysFile, type TestKey } from './keys-file.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export const limitsTable = 'gateway-limits';

/** $600 for a million output tokens and nothing for input: 250 output tokens come to $0.15 at most. */
export const roundPrices = { input: 0, output: 600, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 };

export interface LimitedOptions {
  keys: Record<string, { limits?: Limits; team?: string } & Partial<TestKey>>;
  teams?: Record<string, Limits>;
  env?: Record<string, string>;
  prices?: object;
  gateway?: StackOptions['gateway'];
}

/** A gateway whose keys have limits, with round prices for every model. The key of each is `sk-<name>`. */
export async function startLimited(options: LimitedOptions): Promise<Stack> {
  const keys = Object.entries(options.keys).map(([name, record]) => ({ key: `sk-${name}`, name, ...record }));
  const teams = Object.entries(options.teams ?? {}).map(([name, limits]) => ({ name, limits }));
  return startStack({
    simulator: { tables: [limitsTable] },
    env: {
      API_KEY_FILE: await keysFile(keys, teams),
      LIMITS_TABLE: limitsTable,
      AWS_MAX_ATTEMPTS: '1',
      PRICES: JSON.stringify({ '*': roundPrices, ...options.prices }),
      ...options.env,
    },
    ...(options.gateway && { gateway: options.gateway }),
  });
}

/** `startLimited` for suites whose tests have gateways of their own: each is closed when its test is over. */
export function limitedEach(): typeof startLimited {
  let open: Stack[] = [];
  afterEach(async () => {
    await Promise.all(open.map((stack) => stack.close()));
    open = [];
  });
  return async (options) => {
    const stack = await startLimited(options);
    open.push(stack);
    return stack;
  };
}

/** One chat with a key, its answer read to the end. */
export async function ask(
  stack: Stack,
  key: string,
  more: Record<string, unknown> = {},
  path = '/chat/completions',
) {
  const body = {
    model: haiku,
    max_tokens: 250,
    messages: [{ role: 'user', content: 'Hello' }],
    ...more,
  };
  const response = await stack.post(path, body, { authorization: `Bearer sk-${key}` });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

export type Asked = Awaited<ReturnType<typeof ask>>;

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The counters of a key or a team, as the table has them. */
export function counters(stack: Stack, pk: string): Record<string, string | string[] | undefined> {
  const item = stack.simulator.dynamoDb
    .items(limitsTable)
    .find((each) => each.pk?.S === pk && each.sk?.S === 'LIMIT');
  return Object.fromEntries(
    Object.entries(item ?? {}).map(([name, value]) => [name, Object.values(value)[0] as string]),
  );
}

/** What was used by day, by key and model. */
export const dayItems = (stack: Stack) =>
  stack.simulator.dynamoDb
    .items(limitsTable)
    .filter((item) => String(item.pk?.S).startsWith('DAY#'))
    .map((item) =>
      Object.fromEntries(Object.entries(item).map(([name, value]) => [name, Object.values(value)[0]])),
    );

/** Calls that models have had. */
export const modelCalls = ({ simulator }: Stack) =>
  simulator.calls.filter(({ modelId, operation }) => modelId !== undefined && operation !== 'CountTokens');

/** Waits until something is so. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Calls of an operation wait until they are let go. */
export function hold({ simulator }: Stack, operation = 'Converse'): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  simulator.held.set(operation, promise);
  return () => {
    simulator.held.delete(operation);
    resolve();
  };
}

/** The table's writes are over: each call of it has been answered, and nothing follows for a while. */
export async function settled({ simulator }: Stack): Promise<void> {
  let before = -1;
  while (simulator.dynamoDb.calls.length !== before) {
    before = simulator.dynamoDb.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** Money that other requests have spent. */
export async function spend(stack: Stack, pk: string, pico: bigint): Promise<void> {
  const now = new Date();
  const day = Math.floor(now.getTime() / 86_400_000);
  const month = now.getUTCFullYear() * 12 + now.getUTCMonth();
  const table = stack.simulator.dynamoDb.tables.find(limitsTable);
  const key = { pk: { S: pk }, sk: { S: 'LIMIT' } };
  const before = BigInt((table.get(key)?.dayPico?.N as string | undefined) ?? '0');
  const counter = { N: String(before + pico) };
  table.put(
    {
      ...key,
      dayStart: { N: String(day) },
      monthStart: { N: String(month) },
      dayPico: counter,
      monthPico: counter,
    },
    'Item size',
  );
}
