import type { Context } from 'aws-lambda';
import { ApiError } from '../errors.ts';
import type { ResponseStream } from './response-stream.ts';

export interface InvocationScope {
  /** Aborted when nobody can receive the answer any more: the runtime's socket is gone, or time is up. */
  signal: AbortSignal;
  /** Epoch milliseconds by which the answer should be complete; the signal follows a little later. */
  deadline: number;
}
/** Kept back from the invocation's time: the handler gets the first half to end its answer in good order. */
const reserveMs = 2000;

export interface InvocationLimits extends InvocationScope {
  /** Aborted when the runtime's socket is gone. */
  gone: AbortSignal;
  release(): void;
}

/** Watches one invocation's stream and clock until it is released. */
export function startLimits(stream: ResponseStream, context: Context): InvocationLimits {
  const gone = new AbortController();
  // Not `AbortSignal.any`: what it makes is held weakly, and with it the invocation, until a major collection.
  const over = new AbortController();
  const onGone = (reason: unknown) => {
    if (!live) return;
    gone.abort(reason);
    over.abort(reason);
  };
  const remaining = context.getRemainingTimeInMillis();
  const reserve = Math.min(reserveMs, remaining / 4);
  const timer = setTimeout(() => over.abort(timeIsUp()), remaining - reserve / 2);
  let live = true;
  // Without a listener a socket error would be an uncaught exception. A request that ends well closes too.
  stream.on('error', onGone);
  stream.on('close', () => onGone(new Error('The runtime closed the response stream.')));
  return {
    signal: over.signal,
    gone: gone.signal,
    deadline: Date.now() + remaining - reserve,
    release() {
      live = false;
      clearTimeout(timer);
    },
  };
}

function timeIsUp(): ApiError {
  return new ApiError({
    status: 504,
    type: 'server_error',
    reason: 'deadline',
    code: 'deadline_exceeded',
    message:
      'The answer was not complete when the function’s time was up. Ask for less, or raise its timeout.',
  });
}
