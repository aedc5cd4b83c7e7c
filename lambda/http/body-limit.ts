import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { GatewayError } from '../errors.ts';

/** Refuses bodies of more than `maxSize` bytes. */
export function limitBody(maxSize: number): MiddlewareHandler<GatewayEnv> {
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

function refuseBody(limit: number): never {
  throw new GatewayError({
    status: 413,
    reason: 'bad_request',
    code: 'request_too_large',
    message: `The request body is larger than ${limit} bytes. Send fewer or smaller images and files, or refer to them by s3://.`,
  });
}
