import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { init as Init } from 'z3-solver/build/low-level/index.js';

/** One script for the thread. */
export interface SolverTask {
  script: string;
  timeoutMs: number;
}

/** What the thread says. `broken`: it cannot be used any more. */
export type SolverMessage =
  | { kind: 'ready' }
  | { kind: 'solved'; output: string; errors: string }
  | { kind: 'broken'; why: 'memory' | 'other' };

/** Megabytes that Z3 may have, and characters of what it printed that are passed on. */
export interface SolverLimits {
  memoryMb: number;
  output: number;
}

const { memoryMb, output: mostOutput }: SolverLimits = workerData;
const tell = (message: SolverMessage) => parentPort?.postMessage(message);

// Its threads load its own file again, so that it is in no bundle; and only its lower half is needed.
const require = createRequire(import.meta.url);
const { init }: { init: typeof Init } = require('z3-solver/build/low-level/index.js');
const { Z3, em } = await init(require('z3-solver/build/z3-built.js'), {
  print: () => {},
  // A call that ran out of memory never returns: that its thread has exited, with 101, is said here alone.
  printErr: (text: string) => {
    const [, status] = /exited \(with status: (\d+)\)/.exec(text) ?? [];
    if (status !== undefined) tell({ kind: 'broken', why: status === '101' ? 'memory' : 'other' });
  },
  onAbort: () => tell({ kind: 'broken', why: 'other' }),
});
Z3.global_param_set('memory_max_size', String(memoryMb));

/**
 * Evaluates a script. The package's own `eval_smtlib2_string` passes text on the stack of this thread, which is taken back
 * before Z3's thread has read it: what this thread does meanwhile would stand in the script. So it is on the heap.
 */
async function evaluate(context: Parameters<typeof Z3.del_context>[0], script: string): Promise<string> {
  const bytes = Buffer.from(`${script}\0`);
  const at: number = em._malloc(bytes.length);
  try {
    new Uint8Array(em.HEAPU32.buffer).set(bytes, at);
    return await em.async_call(() => em._async_Z3_eval_smtlib2_string(context, at));
  } finally {
    em._free(at);
  }
}

async function solve({ script, timeoutMs }: SolverTask): Promise<void> {
  Z3.global_param_set('timeout', String(timeoutMs));
  const config = Z3.mk_config();
  const context = Z3.mk_context(config);
  Z3.del_config(config);
  const text = await evaluate(context, script);
  Z3.del_context(context);
  const errors = (text.match(/^.*\(error\b.*$/gm) ?? []).slice(0, 20).join('\n');
  tell({ kind: 'solved', output: text.slice(0, mostOutput), errors: errors.slice(0, mostOutput) });
}

parentPort?.on('message', (task: SolverTask) => {
  solve(task).catch(() => tell({ kind: 'broken', why: 'other' }));
});
tell({ kind: 'ready' });
