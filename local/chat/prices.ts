import type { TokenCounts } from '../../lambda/accounting/tokens.ts';
import type { UpstreamCall } from '../../lambda/accounting/trace.ts';
import { readConfig } from '../../lambda/config.ts';
import type { Money } from '../conversations/format.ts';
import { toUsd } from '../conversations/money.ts';

/** What a price table has to answer: pico-dollars (USD × 10⁻¹²), or why there is no price. */
export interface Prices {
  cost(
    model: { modelId: string; underlying?: string | undefined; region: string; at: number },
    tokens: TokenCounts,
    tier?: string,
  ): { readonly pico: bigint } | { readonly pico: null; readonly reason: string };
}

/** The gateway's own price table, with the prices of the settings. Rejects with a ConfigError for prices that cannot be used. */
export async function loadPrices(env: Record<string, string | undefined>): Promise<Prices> {
  const { createPricing } = await import('../../lambda/prices/load.ts');
  return createPricing(readConfig(env));
}

type PricedCall = Pick<UpstreamCall, 'modelId' | 'underlying' | 'region' | 'tier' | 'startedAt' | 'tokens'>;

/** Of all calls together; one that has no price makes the whole unknown. Calls that have run no model cost nothing. */
export function costOf(calls: readonly PricedCall[], prices: Prices | undefined): Money {
  if (!prices) return { unknown: 'no prices are known' };
  let pico = 0n;
  for (const { modelId, underlying, region, tier, startedAt: at, tokens } of calls) {
    if (!tokens) continue;
    const cost = prices.cost({ modelId, underlying, region, at }, tokens, tier);
    if (cost.pico === null) return { unknown: reasons[cost.reason] ?? cost.reason };
    pico += cost.pico;
  }
  return calls.some(({ tokens }) => tokens) ? { usd: toUsd(pico) } : { unknown: 'nothing was counted' };
}

const reasons: Record<string, string> = {
  not_priced: 'no price of the model is known',
  not_priced_per_token: 'the model is billed by time',
  unit_not_priced: 'no price of one kind of its tokens is known',
  tier_not_priced: 'no price of the service tier is known',
  not_metered: 'nothing was counted',
};
