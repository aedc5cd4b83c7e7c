import { fillUsage } from '../../local/demo/usage.ts';
import { addDay } from '../support/admin.ts';
import { limitsTable, startLimited } from '../support/limited.ts';
import type { Stack } from '../support/stack.ts';

export const today = (): string => new Date().toISOString().slice(0, 10);
export const hostile = '<script>alert(1)</script>';

/** A gateway with thirty days of made-up use, and a model that is named like a script. */
export async function startDemo(): Promise<{ stack: Stack; url: string }> {
  const stack = await startLimited({
    keys: {
      root: { admin: true },
      ann: { limits: { dollarsPerMonth: 400, requestsPerMinute: 60 }, team: 'research' },
      ben: { team: 'research' },
      'support-bot': { limits: { dollarsPerDay: 40, tokensPerMinute: 200_000 } },
      'nightly-batch': { expires: '2031-12-31' },
    },
    teams: { research: { dollarsPerMonth: 1000 } },
    env: { USAGE_BY_DAY: 'true', PRICES: '{}' },
  });
  fillUsage(stack.simulator.dynamoDb, limitsTable, 'us-east-1', Date.now());
  return { stack, url: stack.baseUrl.replace(/\/v1$/, '').replace('127.0.0.1', 'localhost') };
}

export const addHostile = (stack: Stack): void =>
  addDay(stack, today(), 'ben', hostile, { requests: 3, bedrockCalls: 3, unpriced: 3 });
