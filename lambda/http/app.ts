import type { Context, MiddlewareHandler } from 'hono';
import { Hono } from 'hono/tiny';
import type { Gate } from '../accounting/gate.ts';
import type { ErrorFormat } from '../apis/api.ts';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { presentedKeys } from '../auth/authenticate.ts';
import { hasCallerCredentials } from '../auth/caller-credentials.ts';
import type { Principal } from '../auth/principal.ts';
import type { Config } from '../config.ts';
import type { Caller, RequestContext } from '../engine/types.ts';
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
  /** What calls have to pass; undefined for a key without limits. */
  gateFor?: (request: RequestContext, errors: ErrorFormat) => Promise<Gate> | undefined;
  /** The pages below /admin. */
  admin?: MiddlewareHandler<GatewayEnv>;
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
  // Before the headers of CORS: no other origin has a say on these pages.
  if (deps.admin) app.use('/admin/*', deps.admin);
  if (deps.config.allowedOrigins.length > 0) app.use(allowOrigins(deps.config.allowedOrigins));
  app.get('/health', (c) => c.json({ status: 'ok' }));
  const methods = methodsByPath(deps.api);
  for (const path of frontPaths) app.get(path, async (c) => (await aside()).showFront(c, bases[0], methods));
  const v1 = new Hono<GatewayEnv>();
  v1.use(identify(deps));
  v1.use(limitBody(deps.config.maxBodyBytes));
  v1.route('/', deps.api);
  for (const [path, allowed] of methods) v1.all(path, (c) => refuseMethod(c, allowed));
  for (const base of bases) app.route(base, v1);
  app.notFound(async (c) => render(c, (await aside()).missing(c, bases[0], methods)));
  app.onError((error, c) => {
    const apiError = toGatewayError(error);
    if (apiError.reason === 'internal') logUnexpected(deps.logger, apiError, c.get('request').requestId);
    return render(c, apiError);
  });
  return app;
}

/** Loaded when somebody looks: no client that knows its way needs it. */
const aside = () => import('./aside.ts');

/** Who calls, by key or, where a setting allows it, by AWS credentials of their own. */
function identify({ config, authenticate, gateFor }: AppDeps): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const request = c.get('request');
    const known = c.env?.principal;
    const caller = known
      ? { principal: known }
      : await callerOf(headers, config.callerCredentials, authenticate);
    request.trace.note({ key: caller.principal.name });
    const identified = { ...request, caller };
    c.set('request', identified);
    const gate = await gateFor?.(identified, c.get('errors'));
    request.trace.gate = gate;
    await next();
    gate?.announce(c.res.headers);
    if (config.callerCredentials === 'off' && hasCallerCredentials(headers)) {
      c.header('x-gateway-warnings', 'x-aws-* headers are ignored: CALLER_CREDENTIALS is off', {
        append: true,
      });
    }
  };
}

/** Loaded for the first caller who brings some. */
const credentials = once(() => import('../auth/read-caller-credentials.ts'));

async function callerOf(
  headers: Headers,
  mode: Config['callerCredentials'],
  authenticate: AppDeps['authenticate'],
): Promise<Caller> {
  const mayBeKeyless = mode === 'without-key' && hasCallerCredentials(headers);
  // The key comes first: without one nobody learns what the gateway would make of the rest. Where none is
  // needed, what cannot be credentials ends here, before a key is looked for.
  const authenticated = mayBeKeyless ? undefined : await authenticate(headers);
  const own =
    mode !== 'off' && hasCallerCredentials(headers)
      ? (await credentials()).readCallerCredentials(headers)
      : undefined;
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
