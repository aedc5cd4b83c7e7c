import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { Hono } from 'hono/tiny';
import type { GatewayEnv } from './apis/env.ts';
import { presentedKeys } from './auth/authenticate.ts';
import {
  type CallerIdentity,
  hasCallerCredentials,
  readCallerCredentials,
} from './auth/caller-credentials.ts';
import type { Principal } from './auth/principal.ts';
import { deriveStateKey } from './canonical/tool-call-state.ts';
import type { Config } from './config.ts';
import { ApiError, toApiError } from './errors.ts';
import { exposedHeaders } from './exposed-headers.ts';
import { type Logger, logUnexpected } from './telemetry/logger.ts';
import { type RequestRecord, recordError } from './telemetry/record.ts';

/** What the app is made of. Nothing here knows AWS. */
export interface AppDeps {
  config: Pick<Config, 'maxBodyBytes' | 'allowedOrigins' | 'callerCredentials' | 'requestTimeoutMs'>;
  authenticate: (headers: Headers) => Promise<Principal>;
  logger: Logger;
  /** The routes below /v1. */
  api: Hono<GatewayEnv>;
  /** Epoch milliseconds. */
  now: () => number;
  newRequestId: () => string;
}

/** Everything HTTP: request ids, the call record, CORS, limits, keys, routes, and errors as envelopes. */
export function createApp(deps: AppDeps): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  app.use(openCall(deps));
  if (deps.config.allowedOrigins.length > 0) app.use(allowOrigins(deps.config.allowedOrigins));
  app.get('/health', (c) => c.json({ status: 'ok' }));
  const v1 = new Hono<GatewayEnv>();
  v1.use(identify(deps));
  v1.use(limitBody(deps.config.maxBodyBytes));
  v1.route('/', deps.api);
  for (const [path, methods] of methodsByPath(deps.api)) v1.all(path, (c) => refuseMethod(c, methods));
  // The second path is bedrock-access-gateway's.
  for (const base of ['/v1', '/api/v1']) app.route(base, v1);
  app.notFound((c) => render(c, noRoute(c.req.path)));
  app.onError((error, c) => {
    const apiError = toApiError(error);
    if (apiError.reason === 'internal') logUnexpected(deps.logger, apiError, c.get('call').requestId);
    return render(c, apiError);
  });
  return app;
}

/** Begins and ends a call: its id, its record, and the signal that ends everything upstream with it. */
function openCall({ config, logger, now, newRequestId }: AppDeps): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const started = now();
    const requestId = c.env?.requestId ?? newRequestId();
    const record: RequestRecord = { requestId };
    const controller = new AbortController();
    const onGone = () => controller.abort(clientGone());
    c.req.raw.signal.addEventListener('abort', onGone, { once: true });
    let held = false;
    let ended = false;
    const end = (complete = true) => {
      if (ended) return;
      ended = true;
      c.req.raw.signal.removeEventListener('abort', onGone);
      controller.abort(callEnded);
      if (!complete && record.errorReason === undefined) recordError(record, clientGone());
      record.totalMs = now() - started;
      if (c.req.path !== '/health') logger.info('request', { ...record });
    };
    c.set('hold', () => {
      held = true;
      return end;
    });
    c.set('call', {
      requestId,
      principal: { name: 'none' },
      signal: controller.signal,
      deadline: c.env?.deadline ?? started + config.requestTimeoutMs,
      record,
      stateKey: once(() => deriveStateKey(callerSecret(c.req.raw.headers))),
    });
    await next();
    record.status = c.res.status;
    record.firstByteMs ??= now() - started;
    // Not `c.header`, which copies a finished response for it.
    c.res.headers.set('x-request-id', requestId);
    if (!held) end();
  };
}

/** What the caller proves its identity with, here only as the source of a key. */
function callerSecret(headers: Headers): string {
  return presentedKeys(headers)[0] ?? headers.get('x-aws-secret-access-key') ?? '';
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Who calls, by key or, where a setting allows it, by AWS credentials of their own. */
function identify({ config, authenticate }: AppDeps): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const call = c.get('call');
    const keyless = config.callerCredentials === 'without-key' && hasCallerCredentials(headers);
    // The key comes first: without one nobody learns what the gateway would make of the rest.
    call.principal = keyless ? { name: 'caller-credentials' } : await authenticate(headers);
    call.record.key = call.principal.name;
    const caller: CallerIdentity | undefined =
      config.callerCredentials === 'off' ? undefined : readCallerCredentials(headers);
    if (caller) {
      call.credentials = caller.credentials;
      if (caller.region) call.region = caller.region;
    }
    await next();
    if (config.callerCredentials === 'off' && hasCallerCredentials(headers)) {
      c.header('x-gateway-warnings', 'x-aws-* headers are ignored: CALLER_CREDENTIALS is off', {
        append: true,
      });
    }
  };
}

function limitBody(maxSize: number): MiddlewareHandler<GatewayEnv> {
  const whatever = bodyLimit({ maxSize, onError: () => refuseBody(maxSize) });
  return async (c, next) => {
    const { headers } = c.req.raw;
    const length = headers.has('transfer-encoding')
      ? Number.NaN
      : Number(headers.get('content-length') ?? Number.NaN);
    // Hono's asks for the body's stream first, which @hono/node-server makes with a whole `Request` of Node's: 80 µs.
    if (Number.isNaN(length)) return whatever(c, next);
    return length > maxSize ? refuseBody(maxSize) : next();
  };
}

function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST'],
    exposeHeaders: [...exposedHeaders],
  });
}

function render(c: Context<GatewayEnv>, error: ApiError): Response {
  recordError(c.get('call').record, error);
  if (error.retryAfterMs !== undefined) {
    c.header('retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
    c.header('retry-after-ms', String(Math.ceil(error.retryAfterMs)));
  }
  // The clients of OpenAI's packages would spend their retries within seconds on what lasts for hours.
  if (error.reason === 'quota_exceeded') c.header('x-should-retry', 'false');
  return c.body(JSON.stringify(error), error.status as 400, { 'content-type': 'application/json' });
}

/** Made once, because the stack of an error costs more than anything else at the end of a call. */
const callEnded = clientGone();

function clientGone(): ApiError {
  return new ApiError({
    status: 499,
    type: 'invalid_request_error',
    reason: 'aborted',
    code: 'client_closed_request',
    message: 'The client closed the connection.',
  });
}

function methodsByPath({ routes }: Hono<GatewayEnv>): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    if (method !== 'ALL') methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  return methods;
}

function noRoute(path: string): ApiError {
  return new ApiError({
    status: 404,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'unknown_url',
    message: `No such route: ${path.slice(0, 200)}. The base URL ends in /v1, e.g. https://…/v1/chat/completions.`,
  });
}

function refuseMethod(c: Context<GatewayEnv>, allowed: string[]): never {
  c.header('allow', allowed.join(', '));
  throw new ApiError({
    status: 405,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'method_not_allowed',
    message: `${c.req.method} is not allowed on ${c.req.path.slice(0, 200)}. Use ${allowed.join(' or ')}.`,
  });
}

function refuseBody(limit: number): never {
  throw new ApiError({
    status: 413,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'request_too_large',
    message: `The request body is larger than ${limit} bytes. Send fewer or smaller images and files, or refer to them by s3://.`,
  });
}
