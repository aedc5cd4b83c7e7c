import type { MiddlewareHandler } from 'hono';
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
}

/** Begins and ends a call: its id, its record, and the signal that ends everything upstream with it. */
export function openCall({ config, logger, now, newRequestId }: CallDeps): MiddlewareHandler<GatewayEnv> {
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
