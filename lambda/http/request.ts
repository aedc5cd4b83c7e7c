import type { MiddlewareHandler } from 'hono';
import type { LoadCosts } from '../accounting/costs.ts';
import type { HttpFacts } from '../accounting/record.ts';
import { Trace } from '../accounting/trace.ts';
import type { ErrorFormat } from '../apis/api.ts';
import type { GatewayEnv } from '../apis/shared/env.ts';
import { keyThatOpened, presentedKeys } from '../auth/authenticate.ts';
import { deriveStateKey } from '../auth/state-key.ts';
import { CallBudget } from '../bounds.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { once } from '../once.ts';
import { settlesWithin } from '../settles-within.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface CallDeps {
  config: Pick<Config, 'requestTimeoutMs' | 'costHeader'>;
  logger: Logger;
  /** Leaves the record of a request, which is over. */
  record: (trace: Trace, http: HttpFacts) => Promise<void>;
  /** Loads what says what a request has cost. */
  costs?: LoadCosts;
  /** A warning about what answers, once the code for it is loaded. */
  notice?: (trace: Trace) => string | undefined;
  /** Epoch milliseconds. */
  now: () => number;
  newRequestId: () => string;
  /** Takes work that outlasts an answer where whoever runs the app does not. */
  waitUntil: (work: Promise<unknown>) => void;
  /** The error format of the API that a request is for. */
  errorFormatFor: (path: string, headers: Headers) => ErrorFormat;
}

/** Milliseconds for aborted calls to end, before the request is logged without what they have spent. */
const settleMs = 2000;

/** Begins and ends a request: its id, its trace, and the signal that ends everything upstream with it. */
export function openRequest(deps: CallDeps): MiddlewareHandler<GatewayEnv> {
  const { config, record, now, newRequestId } = deps;
  return async (c, next) => {
    const started = now();
    const requestId = c.env?.requestId ?? newRequestId();
    const trace = new Trace();
    const waitUntil = c.env?.waitUntil ?? deps.waitUntil;
    // For the routes it is a GET, of which the body is left out.
    const isHead = c.req.method === 'HEAD';
    if (isHead) c.req.raw = new Request(c.req.raw, { method: 'GET' });
    c.set('isHead', isHead);
    const controller = new AbortController();
    const onGone = () => controller.abort(clientGone());
    c.req.raw.signal.addEventListener('abort', onGone, { once: true });
    let status: number | undefined;
    let firstByteMs: number | undefined;
    let isKeptOpen = false;
    let ended = false;
    const end = (complete = true) => {
      if (ended) return;
      ended = true;
      c.req.raw.signal.removeEventListener('abort', onGone);
      controller.abort(requestEnded);
      if (!complete) trace.fail(clientGone());
      if (c.req.path === '/health') return;
      const userAgent = c.req.header('user-agent');
      const totalMs = now() - started;
      const log = () =>
        record(trace, { requestId, status, firstByteMs, totalMs, arrivedAt: started, userAgent });
      // What the calls have spent is known only when they have ended, and those of a client that has gone end later.
      waitUntil(trace.isSettled ? log() : settlesWithin(settleMs, trace.settled()).then(log));
    };
    // Kept: whoever limits a body puts another request into its place.
    const { headers } = c.req.raw;
    const errors = deps.errorFormatFor(c.req.path, headers);
    c.set('errors', errors);
    c.set('keepOpen', () => {
      isKeptOpen = true;
      return end;
    });
    c.set(
      'stateKey',
      // Of what a caller proves its identity with, here only as the source of a key, the part that has proved it.
      once(() =>
        deriveStateKey(
          keyThatOpened(headers) ?? headers.get('x-aws-secret-access-key') ?? presentedKeys(headers)[0] ?? '',
        ),
      ),
    );
    c.set('request', {
      requestId,
      caller: { principal: { name: 'none' } },
      lifetime: {
        signal: controller.signal,
        deadline: c.env?.deadline ?? started + config.requestTimeoutMs,
        waitUntil,
      },
      trace,
      calls: new CallBudget(),
    });
    // Loaded while the model is at work.
    const costs = config.costHeader ? deps.costs?.() : undefined;
    await next();
    status = c.res.status;
    if (costs && !isKeptOpen && status === 200)
      c.res.headers.set('x-gateway-cost-usd', (await costs)(trace).costUsd ?? 'unknown');
    firstByteMs = now() - started;
    const notice = status < 400 && deps.notice?.(trace);
    if (notice) c.res.headers.append('x-gateway-warnings', notice);
    // Not `c.header`, which copies a finished response for it.
    for (const name of errors.requestIdHeaders) c.res.headers.set(name, requestId);
    if (!isKeptOpen || isHead) end();
    if (isHead) await c.res.body?.cancel();
  };
}

/** Made once, because the stack of an error costs more than anything else at the end of a request. */
const requestEnded = clientGone();

function clientGone(): GatewayError {
  return new GatewayError({
    status: 499,
    reason: 'aborted',
    code: 'client_closed_request',
    message: 'The client closed the connection.',
  });
}
