import { parentPort, workerData } from 'node:worker_threads';
import { runInQuickJs } from './quickjs.ts';

/** What the thread of a program is given. */
export interface ProgramTask {
  wasm: Uint8Array;
  source: string;
  timeoutMs: number;
}

// The time of the program begins here: to start a thread takes longer than many a program.
parentPort?.postMessage('begun');
const { wasm, source, timeoutMs }: ProgramTask = workerData;
parentPort?.postMessage(await runInQuickJs(wasm, source, timeoutMs, () => performance.now()));
