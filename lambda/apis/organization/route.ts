import type { Context } from 'hono';
import { GatewayError } from '../../errors.ts';
import type { Row } from '../../limits/use.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { readUsageQuery } from './query.ts';
import { type Asked, daysOf, rules, type Summing, usagePage } from './usage.ts';

export interface OrganizationOptions extends Summing {
  /** What was used in these days; undefined: this gateway counts nothing. */
  rows: ((days: readonly string[]) => Promise<Row[]>) | undefined;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * `GET /organization/usage/{completions,embeddings,images,moderations}` and `GET /organization/costs`, in OpenAI's shape
 * (https://platform.openai.com/docs/api-reference/usage), for keys with the right `admin`. `api_key_id` is a key's name.
 */
export function organizationRoute({ rows, now, ...summing }: OrganizationOptions) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    if (!c.get('request').caller.principal.admin) throw adminRequired();
    const asked = c.req.param('kind') ?? 'costs';
    if (!Object.hasOwn(rules, asked) || (asked === 'costs' && c.req.param('kind') !== undefined))
      throw noUsage(asked);
    const kind = asked as Asked;
    const seconds = Math.floor(now() / 1000);
    const query = readUsageQuery(new URL(c.req.url).searchParams, rules[kind], seconds);
    if (!rows) throw notCounted();
    return c.json(usagePage(kind, query, await rows(daysOf(query)), summing));
  };
}

function adminRequired(): GatewayError {
  return new GatewayError({
    status: 403,
    reason: 'forbidden',
    code: 'admin_key_required',
    message:
      'This API key may not see what other keys have used. Use a key with the right admin (gateway keys create --admin).',
  });
}

function noUsage(asked: string): GatewayError {
  const kinds = Object.keys(rules).filter((name) => name !== 'costs');
  return new GatewayError({
    status: 404,
    reason: 'bad_request',
    code: 'unknown_url',
    message: `There is no usage of ${JSON.stringify(asked.slice(0, 100))}: there is that of ${kinds.join(', ')}, and /v1/organization/costs.`,
  });
}

function notCounted(): GatewayError {
  return new GatewayError({
    status: 503,
    reason: 'unsupported',
    code: 'feature_unavailable',
    message: 'This gateway does not add up what is used: it has no table for limits (LIMITS_TABLE).',
  });
}
