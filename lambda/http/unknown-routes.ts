import type { Context, Hono } from 'hono';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { GatewayError } from '../errors.ts';

/** Which methods each path has. */
export function methodsByPath({ routes }: Hono<GatewayEnv>): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    if (method !== 'ALL') methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  return methods;
}

export function refuseMethod(c: Context<GatewayEnv>, allowed: string[]): never {
  c.header('allow', allowed.join(', '));
  throw new GatewayError({
    status: 405,
    reason: 'bad_request',
    code: 'method_not_allowed',
    message: `${c.req.method} is not allowed on ${c.req.path.slice(0, 200)}. Use ${allowed.join(' or ')}.`,
  });
}
