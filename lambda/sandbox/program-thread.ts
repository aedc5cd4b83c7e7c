import { parentPort, workerData } from 'node:worker_threads';
import { runInQuickJs } from './quickjs.ts';

/** What the thread of a program is given. */
export interface ProgramTask {
  wasm: Uint8Array;
  source: string;
  timeoutMs: number;
}

const { wasm, source, timeoutMs }: ProgramTask = workerData;
const begun = () => parentPort?.postMessage('begun');
parentPort?.postMessage(await runInQuickJs(wasm, source, timeoutMs, () => performance.now(), begun));
