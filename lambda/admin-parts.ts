import type { Context } from 'hono';
import { createAttempts } from './admin/attempts.ts';
import { factsOf, figuresOf, type KeyFacts, type Standing } from './admin/figures.ts';
import { adminRoutes } from './admin/routes.ts';
import { organizationRoute } from './apis/organization/route.ts';
import type { GatewayEnv } from './apis/shared/env.ts';
import { cached } from './auth/cached.ts';
import type { DigestedKey } from './auth/digest.ts';
import { keySources } from './auth/key-source.ts';
import type { Holder } from './auth/principal.ts';
import { fetchFrom, secretsClient } from './auth/secrets-manager.ts';
import { stateSecretOf } from './auth/session.ts';
import type { Config } from './config.ts';
import { dollarsOf, picoOf } from './limits/amount.ts';
import { createReadDays, daysUntil, type ReadDays } from './limits/days.ts';
import { limitsUnavailable } from './limits/refuse.ts';
import { standingOf, usedIn, windowsNow } from './limits/standing.ts';
import { sumOf } from './limits/use.ts';
import { viewOf } from './limits/view.ts';
import { windowsAt } from './limits/windows.ts';
import { geographiesOf } from './models/profiles/geography.ts';
import { once } from './once.ts';
import type { Clock } from './policy/clock.ts';
import type { PriceBook } from './prices/load.ts';
import { StoreError } from './store/store-error.ts';
import { createTable, type Table } from './store/table.ts';
import { keyOf } from './store/types.ts';
import { errorFields, type Logger } from './telemetry/logger.ts';

export interface AdminPartsOptions {
  config: Config;
  clock: Clock;
  logger: Logger;
  /** The gateway itself, asked as a client would. */
  fetch: (request: Request, call: GatewayEnv['Bindings']) => Response | Promise<Response>;
}

/** A month has at most so many days; the chart has thirty. */
const shownDays = 30;
/** Keys and teams whose counters are read for one page. */
const mostHolders = 100;

/** The usage page and the usage API; loaded when somebody asks for one of them. */
export function createAdminParts(options: AdminPartsOptions) {
  const { config, clock, logger } = options;
  const { limitsTable: name, region } = config;
  const waits = {
    random: clock.random,
    sleep: (ms: number) => clock.sleep(ms, new AbortController().signal),
  };
  const table = name === undefined ? undefined : createTable({ name, region, clock: waits });
  const readDays = table && reporting(createReadDays(table, clock.now), logger);
  const keys = keyReader(config, clock, logger);
  const pricing = once(async () => (await import('./prices/load.ts')).createPricing(config));
  const figures = async (key: string | undefined) => {
    if (!table || !readDays) throw new Error('Nothing is counted.');
    const at = clock.now();
    const all = (await keys.get()).filter(({ principal }) => key === undefined || principal.name === key);
    const days = daysUntil(at, Math.max(shownDays, new Date(at).getUTCDate()));
    const [rows, standings, prices] = await Promise.all([
      readDays(days),
      standingsOf(all, table, at),
      pricing(),
    ]);
    return figuresOf({
      days,
      rows: rows.filter((row) => key === undefined || row.key === key),
      keys: uniqueFacts(all),
      standings,
      prices,
      called: calledIn(region, prices, at),
    });
  };
  return {
    page: adminRoutes({
      keys: keys.get,
      newKeys: keys.refresh,
      attempts: createAttempts(table, clock.now),
      figures: table && figures,
      modelsFor: (c, key) => modelsFor(options, c, key),
      chat: (c, key, body) => chat(options, c, key, body),
      now: clock.now,
      maxBodyBytes: config.maxBodyBytes,
    }),
    organization: organizationRoute({
      rows:
        readDays &&
        ((days) =>
          readDays(days).catch((error) => {
            throw error instanceof StoreError ? limitsUnavailable(error) : error;
          })),
      now: clock.now,
      sum: sumOf,
      dollars: dollarsOf,
    }),
  };
}

/** The days' items do not say by which profile a model was called: the nearest that has a price is taken. */
function calledIn(region: string, prices: Pick<PriceBook, 'listed'>, at: number) {
  return (model: string) => {
    const ids = [model, ...[...geographiesOf(region), 'global'].map((scope) => `${scope}.${model}`)];
    const modelId = ids.find((id) => prices.listed({ modelId: id, region, at })) ?? model;
    return { modelId, region, at };
  };
}

function reporting(read: ReadDays, logger: Logger): ReadDays {
  return async (days) => {
    try {
      return await read(days);
    } catch (error) {
      logger.warn('usage: the table does not answer', errorFields(error));
      throw error;
    }
  };
}

/** The keys with their digests, which sessions are signed with. */
function keyReader(config: Config, { now }: Clock, logger: Logger) {
  const report = (source: string, error: unknown) =>
    logger.warn('The API keys cannot be read.', { source, ...errorFields(error) });
  const sources = keySources(config, {
    clock: now,
    roles: config.assumableRoles,
    fetchSecret: (arn, stage) => fetchFrom(secretsClient(arn))(arn, stage),
    // The authenticator reports what is wrong with them.
    onProblem: () => {},
  });
  const caches = sources.map((source) =>
    cached(() => source.read(), {
      ttlMs: config.apiKeyTtlMs,
      patienceMs: 250,
      pauseMs: 5000,
      maxStaleMs: 3_600_000,
      clock: now,
      onFailure: (error) => report(source.name, error),
    }),
  );
  const all = async (how: 'get' | 'refresh'): Promise<DigestedKey[]> => {
    const read = await Promise.allSettled(caches.map((cache) => cache[how]()));
    return read.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  };
  return { get: () => all('get'), refresh: () => all('refresh') };
}

/** A key that is being rotated has two hashes and is one key; one that is made anew hides the closed one. */
function uniqueFacts(keys: readonly DigestedKey[]): KeyFacts[] {
  const facts = new Map<string, KeyFacts>();
  for (const key of keys) {
    const before = facts.get(key.principal.name);
    if (!before || (before.revoked && !key.revoked)) facts.set(key.principal.name, factsOf(key));
  }
  return [...facts.values()];
}

/** How much of their limits keys have used, by the name of the key. */
async function standingsOf(
  keys: readonly DigestedKey[],
  table: Table,
  at: number,
): Promise<Map<string, Standing>> {
  const limited = keys.filter(({ principal, revoked }) => principal.limits && !revoked);
  const idOf = ({ kind, name }: Holder) => `${kind.toUpperCase()}#${name}`;
  const ids = new Set(limited.flatMap(({ principal }) => (principal.limits ?? []).map(idOf)));
  const items = new Map(
    await Promise.all(
      [...ids].slice(0, mostHolders).map(async (id) => [id, await table.get(keyOf(id, 'LIMIT'))] as const),
    ),
  );
  return new Map(
    limited.map(({ principal }) => {
      const held = (principal.limits ?? []).flatMap((holder) =>
        items.has(idOf(holder)) ? [{ holder, standing: standingOf(items.get(idOf(holder))) }] : [],
      );
      const own = held.find(({ holder }) => holder.kind === 'key');
      return [principal.name, { view: viewOf(held, { tokens: 0, pico: 0n }, at), ...budgetsOf(own, at) }];
    }),
  );
}

function budgetsOf(
  own: { holder: Holder; standing: ReturnType<typeof standingOf> } | undefined,
  at: number,
): Pick<Standing, 'day' | 'month'> {
  if (!own) return { day: undefined, month: undefined };
  const { dollarsPerDay, dollarsPerMonth } = own.holder.limits;
  const used = usedIn(windowsNow(windowsAt(at), own.standing), own.standing);
  const budget = (dollars: number | undefined, usedPico: bigint) =>
    dollars === undefined ? undefined : { usedPico, limitPico: picoOf(dollars) };
  return { day: budget(dollarsPerDay, used.dayPico), month: budget(dollarsPerMonth, used.monthPico) };
}

/** As a client with this key would ask: its limits, its guardrail and its models hold. */
function ask(
  { fetch }: AdminPartsOptions,
  c: Context<GatewayEnv>,
  { digest, principal }: DigestedKey,
  path: string,
  init: RequestInit = {},
) {
  const { requestId: _, ...call } = c.env ?? {};
  const headers = { ...init.headers, 'x-api-key': stateSecretOf({ digest, principal }) };
  const request = new Request(new URL(path, c.req.url), { ...init, headers, signal: c.req.raw.signal });
  return fetch(request, { ...call, principal });
}

async function modelsFor(options: AdminPartsOptions, c: Context<GatewayEnv>, key: DigestedKey) {
  const response = await ask(options, c, key, '/v1/models');
  if (!response.ok) return [];
  const { data } = (await response.json()) as { data: { id: string; endpoints: string[] }[] };
  return data
    .filter(({ endpoints }) => endpoints.includes('/v1/chat/completions'))
    .map(({ id }) => id)
    .sort();
}

const chat = async (options: AdminPartsOptions, c: Context<GatewayEnv>, key: DigestedKey, body: string) =>
  ask(options, c, key, '/v1/chat/completions', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'bedrock-gateway-playground',
    },
  });
