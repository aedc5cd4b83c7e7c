import type { MiddlewareHandler } from 'hono';
import type { ErrorFormat } from '../apis/api.ts';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { presentedKeys } from '../auth/authenticate.ts';
import { deriveStateKey } from '../auth/state-key.ts';
import type { Config } from '../config.ts';
import { ApiError } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type RequestRecord, recordError } from '../telemetry/record.ts';

export interface CallDeps {
  config: Pick<Config, 'requestTimeoutMs'>;
  logger: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  newRequestId: () => string;
  /** Takes work that outlasts an answer where whoever runs the app does not. */
  waitUntil: (work: Promise<unknown>) => void;
  /** The error format of the API that a request is for. */
  errorFormatFor: (path: string, headers: Headers) => ErrorFormat;
}

/** Begins and ends a call: its id, its record, and the signal that ends everything upstream with it. */
export function openCall(deps: CallDeps): MiddlewareHandler<GatewayEnv> {
  const { config, logger, now, newRequestId } = deps;
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
    const errors = deps.errorFormatFor(c.req.path, c.req.raw.headers);
    c.set('errors', errors);
    c.set('hold', () => {
      held = true;
      return end;
    });
    c.set('call', {
      requestId,
      principal: { name: 'none' },
      signal: controller.signal,
      deadline: c.env?.deadline ?? started + config.requestTimeoutMs,
      waitUntil: c.env?.waitUntil ?? deps.waitUntil,
      record,
      stateKey: once(() => deriveStateKey(callerSecret(c.req.raw.headers))),
    });
    await next();
    record.status = c.res.status;
    record.firstByteMs ??= now() - started;
    // Not `c.header`, which copies a finished response for it.
    for (const name of errors.requestIdHeaders) c.res.headers.set(name, requestId);
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
