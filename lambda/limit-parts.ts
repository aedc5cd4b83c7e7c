import type { Gate } from './accounting/gate.ts';
import { anthropicErrors } from './apis/anthropic/error.ts';
import { anthropicLimitHeaders } from './apis/anthropic/limit-headers.ts';
import type { ErrorFormat } from './apis/api.ts';
import { openAiLimitHeaders } from './apis/openai/limit-headers.ts';
import { gatewayHeaders } from './apis/shared/gateway-headers.ts';
import type { Config } from './config.ts';
import type { RequestContext } from './engine/types.ts';
import { dollarsOf } from './limits/amount.ts';
import { RequestGate } from './limits/gate.ts';
import { once } from './once.ts';
import type { Clock } from './policy/clock.ts';
import { createTable } from './store/table.ts';
import { errorFields, type Logger } from './telemetry/logger.ts';

export interface LimitPartsOptions {
  config: Pick<Config, 'region' | 'limitsTable' | 'limitsWhenUnreachable' | 'usageByDay' | 'prices'>;
  clock: Clock;
  logger: Logger;
}

/** The gate of a request. */
export type GateOf = (request: RequestContext, errors: ErrorFormat) => Gate;

/** What limits need of the other rooms; loaded for the first key that has some, and kept. */
export function createLimitParts({ config, clock, logger }: LimitPartsOptions): GateOf {
  // Limits of rate alone need no prices.
  const pricing = once(async () => (await import('./prices/load.ts')).createPricing(config));
  const { limitsTable: name, region } = config;
  const waits = {
    random: clock.random,
    sleep: (ms: number) => clock.sleep(ms, new AbortController().signal),
  };
  const table = name === undefined ? undefined : createTable({ name, region, clock: waits });
  return ({ caller, lifetime }, errors) =>
    new RequestGate(
      {
        table,
        pricing,
        now: clock.now,
        newId: () => crypto.randomUUID().slice(0, 13),
        whenUnreachable: config.limitsWhenUnreachable,
        report: (message, error) => logger.warn(message, errorFields(error)),
        alert: ({ kind, name, limits }, { limit, percent, usedPico }) =>
          logger.line({
            level: 'warn',
            time: new Date(clock.now()).toISOString(),
            message: 'budget',
            [kind]: name,
            limit,
            percent,
            usedUsd: dollarsOf(usedPico),
            ofUsd: limits[limit],
          }),
        announce(headers, view, warnings) {
          const at = clock.now();
          const own = errors === anthropicErrors ? anthropicLimitHeaders(view) : openAiLimitHeaders(view, at);
          const { budgetPico } = view;
          const all = {
            ...own,
            ...(budgetPico !== undefined && { 'x-gateway-budget-remaining-usd': dollarsOf(budgetPico) }),
          };
          for (const [header, value] of Object.entries(all)) headers.set(header, value);
          for (const [header, value] of Object.entries(gatewayHeaders({}, { warnings })))
            headers.append(header, value);
        },
      },
      {
        holders: caller.principal.limits ?? [],
        key: caller.principal.name,
        deadline: lifetime.deadline,
        waitUntil: lifetime.waitUntil,
      },
    );
}
