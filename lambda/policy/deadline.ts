import { GatewayError } from '../errors.ts';

export interface Deadline {
  /** Aborted with a GatewayError at the deadline, and with the caller's reason when the caller's signal is. */
  signal: AbortSignal;
  /** To be called when the answer is complete: ends the timer and leaves the caller's signal. */
  clear(): void;
  /** To be called when nobody wants the rest of the answer: ends what is under way, too. */
  abort(reason: unknown): void;
}

/** setTimeout takes no more. */
const maxDelay = 2 ** 31 - 1;

/** A signal for one call: what the client does and the time there is (epoch milliseconds), in one. */
export function withDeadline(client: AbortSignal, deadline: number, now: () => number = Date.now): Deadline {
  const controller = new AbortController();
  const ms = Math.min(maxDelay, Math.max(0, deadline - now()));
  const timer = setTimeout(() => abort(deadlineError()), ms);
  const onClient = () => abort(client.reason);

  function clear(): void {
    clearTimeout(timer);
    client.removeEventListener('abort', onClient);
  }
  function abort(reason: unknown): void {
    clear();
    controller.abort(reason);
  }

  if (client.aborted) onClient();
  else client.addEventListener('abort', onClient, { once: true });
  return { signal: controller.signal, clear, abort };
}

/** What `promise` comes to, or the signal's reason as soon as it is aborted, whatever becomes of the promise. */
export function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}

export function deadlineError(): GatewayError {
  return new GatewayError({
    status: 504,
    reason: 'deadline',
    code: 'timeout',
    message:
      'The answer was not complete within the time the gateway has. Ask for a shorter answer, or stream it.',
  });
}
