/** AWS did not answer within the time that it was given. */
class TimedOut extends Error {
  override name = 'TimeoutError';
}

/**
 * Work that ends within so many milliseconds: then it is aborted, and this rejects with a TimeoutError. The
 * SDK heeds a signal only between its own steps, so that what it waits for (credentials, a pause before
 * another attempt) could outlast it.
 */
export function bounded<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimedOut(`AWS did not answer within ${ms} ms`));
      controller.abort();
    }, ms);
  });
  return Promise.race([work(controller.signal), late]).finally(() => clearTimeout(timer));
}
