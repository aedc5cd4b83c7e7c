import { type ResourceLimits, Worker } from 'node:worker_threads';
import { threadFile } from './files.ts';

/**
 * A thread that sees nothing of this process: no environment, no arguments, no output but its messages. It can be ended
 * whatever it does.
 */
export function startThread(
  name: Parameters<typeof threadFile>[0],
  workerData: unknown,
  resourceLimits: ResourceLimits,
): Worker {
  return new Worker(threadFile(name), {
    name,
    workerData,
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits,
  });
}

/** Passed to `report`: what cannot be used, and why. */
export type Report = (message: string, error: unknown) => void;

/** The sandbox itself cannot be used; whose script or program it was cannot help it. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}
