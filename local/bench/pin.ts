import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * The core of the server that is measured, and that of everything else. Where the system's scheduler may move them,
 * the cost of an event depends by a third on who happens to share a core with whom.
 */
export const cores = { server: 1, rest: 0 };

/** Keeps this process to the core of the rest. False where that cannot be done: it takes Linux and two cores. */
export function pinThisProcess(): boolean {
  if (availableParallelism() < 2) return false;
  const { status } = spawnSync('taskset', ['-acp', String(cores.rest), String(process.pid)]);
  return status === 0;
}

/** How `fork` starts a Node that keeps to a core. */
export function commandOn(core: number | undefined, nodeOptions: string[]) {
  if (core === undefined) return { execArgv: nodeOptions };
  return { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...nodeOptions] };
}
