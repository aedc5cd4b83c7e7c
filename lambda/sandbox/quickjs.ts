import { EvalFlags, JSException, type JSValueHandle, QuickJS } from 'quickjs-wasi';
import { installConsole } from './guest-console.ts';
import { type ProgramResult, programLimits } from './program-limits.ts';

/**
 * A program sees the same world each time: its clock stands still, its chance is a fixed row of numbers. Nothing that the
 * engine itself writes goes anywhere.
 */
function fixedWorld(memory: { readonly buffer: ArrayBuffer }) {
  return {
    clock_time_get(_clock: number, _precision: bigint, at: number) {
      new DataView(memory.buffer).setBigUint64(at, 0n, true);
      return 0;
    },
    random_get(at: number, length: number) {
      new Uint8Array(memory.buffer, at, length).fill(7);
      return 0;
    },
    fd_write: () => 8,
  };
}

/**
 * Runs a JavaScript program in a new QuickJS, which has no way out but its console. `now`: milliseconds, to end it
 * `timeoutMs` after it began, when `onBegun` is called: to make the engine may take longer than a program has. Blocks the thread, and must be run in one of its own that can be ended: what the engine does
 * between two steps of the program takes as long as it takes.
 */
export async function runInQuickJs(
  wasm: Uint8Array,
  source: string,
  timeoutMs: number,
  now: () => number,
  onBegun: () => void,
): Promise<ProgramResult> {
  let end = Number.POSITIVE_INFINITY;
  const guest = await createGuest(wasm, () => now() > end);
  onBegun();
  end = now() + timeoutMs;
  const thrown = guest.run(source);
  const { text, isFull } = guest.printed;
  if (isFull) return { output: `${text}\n(more was printed and is left out)`, failed: false };
  // Whatever its own errors say, it was ended for this.
  const error = now() > end ? `The program was ended after ${timeoutMs} ms.` : thrown;
  return { output: [text, error].filter(Boolean).join('\n'), failed: error !== undefined };
}

class Printed {
  text = '';
  isFull = false;

  add(line: string): void {
    const text = this.text === '' ? line : `${this.text}\n${line}`;
    this.isFull ||= text.length > programLimits.output;
    this.text = text.slice(0, programLimits.output);
  }
}

async function createGuest(wasm: Uint8Array, isLate: () => boolean): Promise<Guest> {
  const printed = new Printed();
  const rejected = new Map<number, JSValueHandle>();
  const vm = await QuickJS.create({
    wasm,
    wasi: fixedWorld,
    memoryLimit: programLimits.memory,
    maxStackSize: programLimits.stack,
    timezoneOffset: 0,
    interruptHandler: () => printed.isFull || isLate(),
    onUnhandledRejection(promise: JSValueHandle, reason: JSValueHandle, isHandled: boolean) {
      if (isHandled) rejected.delete(promise.identity);
      else if (rejected.size < 100) rejected.set(promise.identity, reason.dup());
    },
  });
  return new Guest(vm, printed, rejected);
}

/** One program in its engine. */
class Guest {
  readonly printed: Printed;
  readonly #vm: QuickJS;
  readonly #rejected: ReadonlyMap<number, JSValueHandle>;
  readonly #show: JSValueHandle;

  constructor(vm: QuickJS, printed: Printed, rejected: ReadonlyMap<number, JSValueHandle>) {
    this.#vm = vm;
    this.#rejected = rejected;
    this.printed = printed;
    const print = vm.newFunction('print', (line) => {
      if (line?.isString) printed.add(line.toString());
      return vm.undefined;
    });
    this.#show = vm.callFunction(vm.evalCode(`(${installConsole})`), vm.undefined, print);
  }

  /** Runs the program and what it waits for; its error as text. There is nothing but promises that it could wait for. */
  run(source: string): string | undefined {
    try {
      const end = this.#vm.evalCode(source, 'program.js', EvalFlags.ASYNC);
      while (this.#vm.executePendingJobs() > 0);
      const [reason] = this.#rejected.values();
      if (reason) return this.#text(reason);
      return end.promiseState === 0 ? 'The program waits for something that never comes.' : undefined;
    } catch (error) {
      if (error instanceof JSException) return this.#text(error.handle, error);
      return 'The program was ended, because it broke the engine that ran it.';
    }
  }

  /** In the engine itself, where the limits hold for what a value says of itself. */
  #text(value: JSValueHandle, error?: JSException): string {
    try {
      const text = this.#vm.callFunction(this.#show, this.#vm.undefined, value).toString();
      return text.slice(0, programLimits.error);
    } catch {
      return error
        ? error.message.slice(0, programLimits.error)
        : 'The program failed with what cannot be shown.';
    }
  }
}
