import type { Context, Hono } from 'hono';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { ApiError } from '../errors.ts';

/** Which methods each path has. */
export function methodsByPath({ routes }: Hono<GatewayEnv>): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    if (method !== 'ALL') methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  return methods;
}

/** `routes`: the paths below /v1. One that a path ends in tells which base URL was meant. */
export function noRoute(path: string, routes: readonly string[]): ApiError {
  const meant = routes.find((route) => !/[:*]/.test(route) && path.toLowerCase().endsWith(route));
  const advice = meant
    ? `Use /v1${meant} instead: the base URL ends in /v1, once, and the client adds ${meant} to it.`
    : 'The base URL ends in /v1, e.g. https://…/v1/chat/completions.';
  return new ApiError({
    status: 404,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'unknown_url',
    message: `No such route: ${path.slice(0, 200)}. ${advice}`,
  });
}

export function refuseMethod(c: Context<GatewayEnv>, allowed: string[]): never {
  c.header('allow', allowed.join(', '));
  throw new ApiError({
    status: 405,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'method_not_allowed',
    message: `${c.req.method} is not allowed on ${c.req.path.slice(0, 200)}. Use ${allowed.join(' or ')}.`,
  });
}
