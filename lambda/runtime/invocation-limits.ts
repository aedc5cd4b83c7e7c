import { GatewayError } from '../errors.ts';
import type { InvocationRequest } from './invocation.ts';

/** Kept back from the invocation's time: the handler gets the first half to end its answer in good order. */
const reserveMs = 2000;

/**
 * A middleware that watches the runtime's socket and the invocation's time. It gives the handler a signal and a
 * deadline, and stops the response when either is over.
 *
 * @example middy(options).use(invocationLimits())
 */
export function invocationLimits() {
  return {
    before(request: InvocationRequest): void {
      const { internal, context } = request;
      const gone = new AbortController();
      // Not `AbortSignal.any`: what it makes is held weakly, and with it the invocation, until a major collection.
      const over = new AbortController();
      let live = true;
      const onGone = (reason: unknown) => {
        if (!live) return;
        gone.abort(reason);
        over.abort(reason);
      };
      const remaining = context.getRemainingTimeInMillis();
      const reserve = Math.min(reserveMs, remaining / 4);
      const timer = setTimeout(() => over.abort(timeIsUp()), remaining - reserve / 2);
      // Without a listener a socket error would be an uncaught exception. A request that ends well closes too.
      internal.stream.on('error', onGone);
      internal.stream.on('close', () => onGone(new Error('The runtime closed the response stream.')));
      internal.stop = over.signal;
      context.invocation = {
        ...context.invocation,
        signal: over.signal,
        deadline: Date.now() + remaining - reserve,
      };
      internal.afterResponse.push(() => {
        live = false;
        clearTimeout(timer);
      });
      internal.gone = gone.signal;
    },
    /** An error answer is small enough to go out although time is up. */
    onError({ internal }: InvocationRequest): void {
      if (internal.gone instanceof AbortSignal) internal.stop = internal.gone;
    },
  };
}

function timeIsUp(): GatewayError {
  return new GatewayError({
    status: 504,
    reason: 'deadline',
    code: 'deadline_exceeded',
    message:
      'The answer was not complete when the function’s time was up. Ask for less, or raise its timeout.',
  });
}
