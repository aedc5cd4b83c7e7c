/** What a process of the benchmark is asked: microseconds of CPU since it started, or bytes of memory. */
export type Question = 'cpu' | 'rss';
export type Reply = { ready: number } | { answer: number };

/** Tells the parent the port, and answers each of its messages with what this process has used so far. */
export function reportTo(port: number): void {
  process.on('message', (question: Question) => tell({ answer: measures[question]() }));
  process.on('disconnect', () => process.exit(0));
  tell({ ready: port });
}

const measures: Record<Question, () => number> = {
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  rss() {
    globalThis.gc?.();
    return process.memoryUsage.rss();
  },
};

function tell(reply: Reply): void {
  process.send?.(reply);
}
