import type { InvocationRequest } from './invocation.ts';

/** Kept back for the runtime itself: an invocation that is cut off there loses more than what it waited for. */
const reserveMs = 250;

export interface PendingWorkOptions {
  /** Called with what failed, and with a TimeoutError for work that the invocation's time was too short for. */
  report(error: unknown): void;
}

/**
 * A middleware that lets a handler finish work after its answer: Lambda freezes the process as soon as an invocation
 * is over, and with it whatever it had not finished. The answer does not wait for this work, and the client does not
 * notice it.
 *
 * @example middy(options).use(pendingWork({ report }))
 */
export function pendingWork({ report }: PendingWorkOptions) {
  return {
    before({ internal, context }: InvocationRequest): void {
      const pending = new Set<Promise<unknown>>();
      context.invocation = {
        ...context.invocation,
        waitUntil(work) {
          const watched = work.catch(report).finally(() => pending.delete(watched));
          pending.add(watched);
        },
      };
      internal.afterResponse.push(async () => {
        const end = Date.now() + context.getRemainingTimeInMillis() - reserveMs;
        // Work may add work: a settlement that is followed by a record, for example.
        while (pending.size > 0) {
          const late = await untilTime(Promise.all(pending), end - Date.now());
          if (!late) continue;
          report(
            new DOMException(`${pending.size} pending pieces of work did not end in time.`, 'TimeoutError'),
          );
          return;
        }
      });
    },
  };
}

/** Resolves with true when `ms` milliseconds are over first. */
function untilTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), Math.max(0, ms));
    void work.then(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
