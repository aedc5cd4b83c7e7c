/** Work that outlasts the answers it belongs to, where no invocation waits for it: on a laptop. */
export interface Pending {
  add(work: Promise<unknown>): void;
  /** Resolves when all of it has ended, however it ended. */
  settled(): Promise<void>;
}

export function createPending(report: (error: unknown) => void): Pending {
  const pending = new Set<Promise<unknown>>();
  return {
    add(work) {
      const watched = work.catch(report).finally(() => pending.delete(watched));
      pending.add(watched);
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
