/** What waits for the reads of this turn of the event loop. */
let waiting: (() => void)[] = [];

/**
 * Calls `give` once all sockets that have something are read. Everything that waits is called in one go: what many
 * streams do one after another finds its code and data in the processor's caches.
 */
export function afterReads(give: () => void): void {
  if (waiting.push(give) === 1) setImmediate(giveAll);
}

function giveAll(): void {
  const due = waiting;
  waiting = [];
  let called = 0;
  try {
    while (called < due.length) due[called++]?.();
  } finally {
    // One that throws is an uncaught exception, and no reason for the other streams to stop.
    for (const give of due.slice(called)) afterReads(give);
  }
}
