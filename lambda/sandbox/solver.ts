import type { Worker } from 'node:worker_threads';
import { Queue } from './queue.ts';
import { faultOfScript } from './smt-script.ts';
import type { SolverLimits, SolverMessage, SolverTask } from './solver-thread.ts';
import { type Report, startThread, Unavailable } from './thread.ts';

const limits: SolverLimits = { memoryMb: 96, output: 10_000 };
/** Beside Z3's own memory, which is no part of these. */
const threadLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };
/** Milliseconds in which Z3 has to be loaded: 35 MB of WebAssembly. */
const startMs = 20_000;
/** Milliseconds after which a solver that has answered is thrown away: memory that it once had is never given back. */
const lightMs = 1000;

/**
 * Runs an SMT-LIB 2 script; what Z3 printed. A script that takes too long ends as `unknown`. Rejects with an Error whose
 * message is for the script's author, where the script is refused or the solver broke off; with Unavailable where there is
 * none; with the signal's reason when that is aborted.
 */
export type Solve = (script: string, timeoutMs: number, signal: AbortSignal) => Promise<string>;

/** Rejects with Unavailable where the solver is not part of this artifact, or does not start; `report` is told why. */
export async function loadSolver(report: Report): Promise<Solve> {
  const solvers = new Solvers(report);
  await solvers.ready();
  return async (given, timeoutMs, signal) => {
    const script = given.replaceAll('\r\n', '\n');
    const fault = faultOfScript(script);
    if (fault !== undefined) throw new Error(fault);
    return solvers.solve({ script, timeoutMs }, signal);
  };
}

/**
 * Z3 in a thread of its own, which is kept from one script to the next because its start is the dear part, and thrown
 * away, with all threads that it has made, when it has not ended by itself. Z3 takes one script at a time.
 */
class Solvers {
  readonly #queue = new Queue(1);
  readonly #report: Report;
  #thread: Promise<Worker> | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  ready(): Promise<Worker> {
    this.#thread ??= this.#start();
    return this.#thread;
  }

  async #start(): Promise<Worker> {
    try {
      const thread = await start();
      // Also when it ends while nobody asks it anything.
      thread.once('exit', () => this.#forget());
      return thread;
    } catch (error) {
      this.#forget();
      this.#report('the solver did not start', error);
      throw new Unavailable('The solver did not start.');
    }
  }

  #forget(): void {
    this.#thread = undefined;
  }

  solve(task: SolverTask, signal: AbortSignal): Promise<string> {
    return this.#queue.run(async () => {
      const thread = await this.ready();
      const begun = performance.now();
      thread.ref();
      try {
        const output = await run(thread, task, signal);
        if (performance.now() - begun > lightMs) await this.#discard(thread);
        return output;
      } catch (error) {
        if (!(error instanceof Refused)) await this.#discard(thread);
        if (error instanceof Late) return `unknown\n(not decided within ${task.timeoutMs} ms)`;
        throw error;
      } finally {
        // An idle solver keeps no process from its end.
        thread.unref();
      }
    }, signal);
  }

  /** None is started before the last one has ended. */
  async #discard(thread: Worker): Promise<void> {
    await thread.terminate();
    this.#forget();
  }
}

/** Z3 has found mistakes in the script. */
class Refused extends Error {}
/** The script would not end. */
class Late extends Error {}

function start(): Promise<Worker> {
  const { promise, resolve, reject } = Promise.withResolvers<Worker>();
  const thread = startThread('solver-thread', limits, threadLimits);
  const fail = (error: unknown) => {
    clearTimeout(timer);
    thread.terminate().finally(() => reject(error));
  };
  const timer = setTimeout(() => fail(new Error('it was not ready in time')), startMs);
  thread.once('error', fail);
  thread.once('message', () => {
    clearTimeout(timer);
    thread.removeListener('error', fail);
    // Without a listener an error would be the process's own.
    thread.on('error', () => {});
    thread.unref();
    resolve(thread);
  });
  return promise;
}

/** One script. Rejects with Refused, Late, the signal's reason, or an Error for a solver that has broken off. */
function run(thread: Worker, task: SolverTask, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const onMessage = (message: SolverMessage) => {
    if (message.kind === 'solved' && message.errors === '') resolve(message.output);
    else if (message.kind === 'solved') reject(new Refused(message.errors));
    else reject(brokenOff(message.kind === 'broken' && message.why === 'memory'));
  };
  const onExit = () => reject(brokenOff(false));
  const onAbort = () => reject(signal.reason);
  // Z3 heeds its own limit but where it computes with large numbers, or counts to one.
  const timer = setTimeout(() => reject(new Late()), 2 * task.timeoutMs);
  thread.on('message', onMessage).on('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  else thread.postMessage(task);
  return promise.finally(() => {
    clearTimeout(timer);
    thread.off('message', onMessage).off('exit', onExit);
    signal.removeEventListener('abort', onAbort);
  });
}

const brokenOff = (isMemory: boolean): Error =>
  new Error(isMemory ? 'The solver ran out of memory.' : 'The solver broke off.');
