import type { Context } from 'hono';
import type { GatewayEnv } from '../apis/shared/env.ts';
import type { GatewayError } from '../errors.ts';
import { frontPage } from './front-page.ts';
import { noRoute } from './no-route.ts';
import { routesBelow } from './routes.ts';

type Methods = ReadonlyMap<string, readonly string[]>;

export const showFront = (c: Context<GatewayEnv>, base: string, methods: Methods): Promise<Response> =>
  frontPage(c, routesBelow(base, methods));

export const missing = (c: Context<GatewayEnv>, base: string, methods: Methods): GatewayError =>
  noRoute(c.req.method, c.req.path, routesBelow(base, methods));
