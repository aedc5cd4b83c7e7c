import { access, readFile } from 'node:fs/promises';
import { quickJsFile, threadFile } from './files.ts';
import { type ProgramResult, programLimits } from './program-limits.ts';
import type { ProgramTask } from './program-thread.ts';
import { Queue } from './queue.ts';
import { type Report, startThread, Unavailable } from './thread.ts';

/** Programs under way in this process. Each may have 32 MB and a processor to itself. */
const mostAtOnce = 2;
/** Milliseconds in which a thread has to begin. */
const startMs = 10_000;
/** Milliseconds for a program to end by itself when its time is up, with what it has printed. */
const graceMs = 500;
/** Beside the sandbox's own memory, which is no part of these. */
const threadLimits = {
  maxOldGenerationSizeMb: 64,
  maxYoungGenerationSizeMb: 8,
  codeRangeSizeMb: 16,
  stackSizeMb: 4,
};

/**
 * Runs JavaScript programs that nobody trusts. Each gets a new QuickJS in WebAssembly, in a thread of its own without
 * environment, and within these no function but `console`: no process, files, network, timers, clock or chance. A program
 * is over when the promise settles: its thread has ended.
 */
export type RunProgram = (source: string, timeoutMs: number, signal: AbortSignal) => Promise<ProgramResult>;

/**
 * Rejects with Unavailable where the sandbox is not part of this artifact, as a run does whose thread does not start;
 * `report` is told why.
 */
export async function loadProgram(report: Report): Promise<RunProgram> {
  const files = Promise.all([readFile(quickJsFile()), access(threadFile('program-thread'))]);
  const [wasm] = await files.catch((error: unknown) => {
    report('the sandbox of programs is not here', error);
    throw new Unavailable('The sandbox is not here.');
  });
  const queue = new Queue(mostAtOnce);
  return async (source, timeoutMs, signal) => {
    if (source.length > programLimits.source)
      return { output: `The program has more than ${programLimits.source} characters.`, failed: true };
    return queue.run(() => runInThread({ wasm, source, timeoutMs }, signal, report), signal);
  };
}

function runInThread(task: ProgramTask, signal: AbortSignal, report: Report): Promise<ProgramResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  const thread = startThread('program-thread', task, threadLimits);
  let hasBegun = false;
  const end = (settle: () => void) => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    thread.removeAllListeners('exit');
    thread.terminate().finally(settle);
  };
  const failed = (output: string) => end(() => resolve({ output, failed: true }));
  const broken = (error: unknown) => {
    report('a program could not be run', error);
    end(() => reject(new Unavailable('The sandbox did not start.')));
  };
  const onAbort = () => end(() => reject(signal.reason));
  let timer = setTimeout(() => broken(new Error('the thread did not begin in time')), startMs);
  thread.on('message', (message: 'begun' | ProgramResult) => {
    if (message !== 'begun') return end(() => resolve(message));
    hasBegun = true;
    clearTimeout(timer);
    const { timeoutMs } = task;
    timer = setTimeout(() => failed(`The program was ended after ${timeoutMs} ms.`), timeoutMs + graceMs);
  });
  thread.on('error', (error) =>
    hasBegun ? failed('The program was ended, because it used too much memory.') : broken(error),
  );
  thread.on('exit', () => failed('The program was ended, because it broke the engine that ran it.'));
  signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}
