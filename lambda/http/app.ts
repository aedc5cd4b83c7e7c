import type { Context, MiddlewareHandler } from 'hono';
import { Hono } from 'hono/tiny';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { presentedKeys } from '../auth/authenticate.ts';
import {
  type CallerIdentity,
  hasCallerCredentials,
  readCallerCredentials,
} from '../auth/caller-credentials.ts';
import type { Principal } from '../auth/principal.ts';
import type { Config } from '../config.ts';
import type { Caller } from '../engine/types.ts';
import { type GatewayError, toGatewayError } from '../errors.ts';
import { once } from '../once.ts';
import { logUnexpected } from '../telemetry/logger.ts';
import { limitBody } from './body-limit.ts';
import { type CallDeps, openRequest } from './request.ts';
import { tidyPath } from './tidy-path.ts';
import { methodsByPath, refuseMethod } from './unknown-routes.ts';

/** What the app is made of. Nothing here knows AWS. */
export interface AppDeps extends CallDeps {
  config: Pick<
    Config,
    'maxBodyBytes' | 'allowedOrigins' | 'callerCredentials' | 'requestTimeoutMs' | 'costHeader'
  >;
  authenticate: (headers: Headers) => Promise<Principal>;
  /** The routes below /v1. */
  api: Hono<GatewayEnv>;
}

/** The second is bedrock-access-gateway's, the third that of Anthropic's clients which add `/v1` to a base URL. */
const bases = ['/v1', '/api/v1', '/anthropic/v1'] as const;
/** Whoever opens the base URL in a browser is led on, too. */
const frontPaths = ['/', ...bases, ...bases.map((base) => `${base}/`)];

/** Everything HTTP: request ids, the call record, CORS, limits, keys, routes, and errors as envelopes. */
export function createApp(deps: AppDeps): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>({ getPath: tidyPath });
  app.use(openRequest(deps));
  if (deps.config.allowedOrigins.length > 0) app.use(allowOrigins(deps.config.allowedOrigins));
  app.get('/health', (c) => c.json({ status: 'ok' }));
  const methods = methodsByPath(deps.api);
  for (const path of frontPaths) app.get(path, (c) => showFront(c, methods));
  const v1 = new Hono<GatewayEnv>();
  v1.use(identify(deps));
  v1.use(limitBody(deps.config.maxBodyBytes));
  v1.route('/', deps.api);
  for (const [path, allowed] of methods) v1.all(path, (c) => refuseMethod(c, allowed));
  for (const base of bases) app.route(base, v1);
  app.notFound((c) => showRoutes(c, methods));
  app.onError((error, c) => {
    const apiError = toGatewayError(error);
    if (apiError.reason === 'internal') logUnexpected(deps.logger, apiError, c.get('request').requestId);
    return render(c, apiError);
  });
  return app;
}

type Methods = ReturnType<typeof methodsByPath>;

/** Loaded when somebody looks: no client that knows its way needs it. */
async function showFront(c: Context<GatewayEnv>, methods: Methods): Promise<Response> {
  const [{ frontPage }, { routesBelow }] = await Promise.all([
    import('./front-page.ts'),
    import('./routes.ts'),
  ]);
  return frontPage(c, routesBelow(bases[0], methods));
}

async function showRoutes(c: Context<GatewayEnv>, methods: Methods): Promise<Response> {
  const [{ noRoute }, { routesBelow }] = await Promise.all([import('./no-route.ts'), import('./routes.ts')]);
  return render(c, noRoute(c.req.method, c.req.path, routesBelow(bases[0], methods)));
}

/** Who calls, by key or, where a setting allows it, by AWS credentials of their own. */
function identify({ config, authenticate }: AppDeps): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const request = c.get('request');
    const caller = await callerOf(headers, config.callerCredentials, authenticate);
    request.trace.note({ key: caller.principal.name });
    c.set('request', { ...request, caller });
    await next();
    if (config.callerCredentials === 'off' && hasCallerCredentials(headers)) {
      c.header('x-gateway-warnings', 'x-aws-* headers are ignored: CALLER_CREDENTIALS is off', {
        append: true,
      });
    }
  };
}

async function callerOf(
  headers: Headers,
  mode: Config['callerCredentials'],
  authenticate: AppDeps['authenticate'],
): Promise<Caller> {
  const mayBeKeyless = mode === 'without-key' && hasCallerCredentials(headers);
  // The key comes first: without one nobody learns what the gateway would make of the rest. Where none is
  // needed, what cannot be credentials ends here, before a key is looked for.
  const authenticated = mayBeKeyless ? undefined : await authenticate(headers);
  const own: CallerIdentity | undefined = mode === 'off' ? undefined : readCallerCredentials(headers);
  const principal = authenticated ?? (await holderOfKey(headers, authenticate));
  return {
    principal: principal ?? { name: 'caller-credentials' },
    ...(!principal && { keyless: true as const }),
    ...own,
  };
}

/** Who a key belongs to that stands beside credentials. Clients that must send one often send a made-up one. */
async function holderOfKey(
  headers: Headers,
  authenticate: AppDeps['authenticate'],
): Promise<Principal | undefined> {
  if (presentedKeys(headers).length === 0) return undefined;
  return authenticate(headers).catch(() => undefined);
}

/** Loaded where there are such origins: in Lambda the Function URL answers for CORS. */
function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const allow = once(async () => (await import('./allow-origins.ts')).allowOrigins(origins));
  return async (c, next) => (await allow())(c, next);
}

function render(c: Context<GatewayEnv>, error: GatewayError): Response {
  c.get('request').trace.fail(error);
  const format = c.get('errors');
  for (const [name, value] of Object.entries(format.headers(error))) c.header(name, value);
  const body = JSON.stringify(format.body(error, c.get('request').requestId));
  return c.body(body, format.status(error) as 400, { 'content-type': 'application/json' });
}
