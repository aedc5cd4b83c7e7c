import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { quickJsFile } from '../../lambda/sandbox/files.ts';
import { loadProgram, type RunProgram } from '../../lambda/sandbox/program.ts';
import { programLimits } from '../../lambda/sandbox/program-limits.ts';
import { runInQuickJs } from '../../lambda/sandbox/quickjs.ts';

/** Programs that a model may write, or be made to write: what each tries, and what becomes of it. */

const timeoutMs = 100;
const ended = `The program was ended after ${timeoutMs} ms.`;
const reports: string[] = [];
const threads: Worker[] = [];
const noted = (thread: Worker) => threads.push(thread);
const { signal } = new AbortController();

let run: RunProgram;
beforeAll(async () => {
  process.on('worker', noted);
  run = await loadProgram((message) => reports.push(message));
});
afterAll(() => process.off('worker', noted));
beforeEach(() => {
  threads.length = 0;
  reports.length = 0;
});

/** A thread that has ended has no number any more. */
const left = () => threads.filter(({ threadId }) => threadId !== -1);

describe('does not end', () => {
  test.each([
    ['a loop', 'for (;;) {}'],
    ['a loop that catches what ends it', 'for (;;) try { for (;;) {} } catch {} finally { for (;;) {} }'],
    ['a loop of waits', '(async () => { for (;;) await null })()'],
    [
      'promises that make more',
      'const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f()',
    ],
    ['a promise that is its own value', 'const t = { then(r) { r(t) } }; await t'],
    ['microtasks', 'const f = () => queueMicrotask(f); f()'],
    ['rejections without number', 'for (;;) Promise.reject(new Error("x".repeat(1000)))'],
    ['a pattern that goes back', 'console.log(/(a+)+$/.test("a".repeat(60) + "b"))'],
    [
      'a comparison that lies',
      'const a = Array.from({ length: 3e5 }, (_, i) => i); for (;;) a.sort(() => 0)',
    ],
    ['an array of holes', 'const a = []; a.length = 2 ** 32 - 1; a.indexOf(1)'],
    ['a trap when it is shown', 'console.log(new Proxy({}, { ownKeys() { for (;;); } }))'],
    ['an error whose text does not end', 'throw { get stack() { for (;;); }, toString() { for (;;); } }'],
    [
      'an error whose trace does not end',
      'const e = new Error(); Object.defineProperty(e, "stack", { get() { for (;;); } }); throw e',
    ],
    [
      'what is called when the rest is over',
      'const r = new FinalizationRegistry(() => { for (;;); }); for (;;) r.register({}, 1)',
    ],
    ['one step of the engine that takes seconds', 'new Array(2 ** 28).join("xxxxxxxx")'],
  ])('%s: it is ended, and its thread with it', async (_, source) => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    expect(await run(`console.log("begun"); ${source}`, timeoutMs, signal)).toEqual({
      // A thread that had to be ended from outside takes with it what was printed.
      output: expect.stringMatching(new RegExp(`^(begun\n)?${ended}$`)),
      failed: true,
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    expect(threads).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  test('a promise that nobody keeps: there is nothing to wait for', async () => {
    expect(await run('await new Promise(() => {})', timeoutMs, signal)).toEqual({
      output: 'The program waits for something that never comes.',
      failed: true,
    });
  });
});

describe('takes too much', () => {
  test.each([
    ['arrays', 'const a = []; for (;;) a.push(new Array(1e5).fill(a.length))', 'out of memory'],
    [
      'arrays, caught',
      'const a = []; for (;;) try { for (;;) a.push(new Uint8Array(1e6)) } catch {}',
      'out of memory',
    ],
    ['one buffer', 'new ArrayBuffer(1e9)', 'out of memory'],
    ['one shared buffer', 'new SharedArrayBuffer(1e9)', 'out of memory'],
    ['one text', 'console.log("x".repeat(2 ** 29).length)', 'out of memory'],
    ['a text that doubles', 'let s = "x"; for (;;) s += s', 'string too long|out of memory'],
    ['a number that doubles', 'let x = 2n; for (;;) x *= x', 'too large'],
    ['what a generator gives', 'function* g() { for (;;) yield 1 } [...g()]', 'out of memory|was ended'],
    ['calls', 'function f() { return f() + 1 } f()', 'call stack'],
    ['nested JSON to read', 'JSON.parse("[".repeat(1e6))', 'call stack'],
    [
      'nested objects to write',
      'let o = {}; for (let i = 0; i < 20000; i++) o = { o }; JSON.stringify(o)',
      'call stack|was ended',
    ],
    ['a nested program', 'eval("(".repeat(1e5) + ")".repeat(1e5))', 'call stack'],
    ['a nested pattern', 'new RegExp("(?:".repeat(1e5) + ")".repeat(1e5))', 'call stack|too|memory|stack'],
    [
      'nested calls of proxies',
      'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x',
      'call stack',
    ],
  ])('%s: it fails', async (_, source, message) => {
    const { output, failed } = await run(source, 3000, signal);
    expect(output).toMatch(new RegExp(message));
    expect(failed).toBe(true);
    expect(left()).toEqual([]);
  });

  test('all of these leave the process as large as it may be', async () => {
    const file = join(import.meta.dirname, 'sandbox-memory-process.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    const { grownMb, failed } = JSON.parse(stdout);
    expect(failed).toBe(true);
    // Two at once: their heaps, and the threads they are in.
    expect(grownMb).toBeLessThan(250);
  });

  test.each([
    ['many lines', 'for (let i = 0; i < 1e6; i++) console.log("FLOOD".repeat(100))'],
    ['one line', 'console.log("x".repeat(1e7))'],
    ['lines without end', 'for (;;) console.log("FLOOD")'],
    [
      'a large object',
      'for (;;) console.log(Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => [i, { i }])))',
    ],
  ])('of %s the beginning is kept', async (_, source) => {
    const { output, failed } = await run(source, 5000, signal);
    expect(output.length).toBeLessThan(programLimits.output + 100);
    expect(output).toMatch(/more was printed and is left out/);
    expect(failed).toBe(false);
  });

  test('a program that is too long is not begun', async () => {
    const { failed } = await run(' '.repeat(programLimits.source + 1), timeoutMs, signal);
    expect(failed).toBe(true);
    expect(threads).toEqual([]);
  });
});

describe('looks for a way out', () => {
  const names =
    'process require fetch WebAssembly std os print Worker Atomics setTimeout setInterval scriptArgs Buffer global module XMLHttpRequest navigator Deno Bun';

  test.each([
    ['by name', `console.log([${names.split(' ').map((name) => `typeof ${name}`)}].join())`],
    [
      'by the constructor of a function',
      `console.log((() => {}).constructor("return [${names.split(' ').map((name) => `typeof ${name}`)}].join()")())`,
    ],
    [
      'by the constructor of its console',
      `console.log(console.log.constructor("return [${names.split(' ').map((name) => `typeof ${name}`)}].join()")())`,
    ],
    [
      'by its global object',
      `console.log([${names.split(' ').map((name) => `typeof this.constructor.constructor("return this")()["${name}"]`)}].join())`,
    ],
  ])('%s: nothing is there', async (_, source) => {
    const all = names.split(' ').map(() => 'undefined');
    expect(await run(source, 3000, signal)).toEqual({ output: all.join(), failed: false });
  });

  test.each([
    ['a module', 'const fs = await import("fs"); console.log(fs)', /could not load module/],
    ['a static import', 'import fs from "fs"', /SyntaxError/],
    [
      'a stack',
      'Error.prepareStackTrace = (_, s) => s; console.log(String(new Error().stack)); null.x',
      /^(?!.*(?:lambda|node_modules|file:)).*/,
    ],
    [
      'the arguments of who calls it',
      'console.log((function f() { return f.caller })()); null.x',
      /TypeError|null/,
    ],
  ])('by %s: it fails', async (_, source, message) => {
    const { output, failed } = await run(source, 3000, signal);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/lambda\/|node_modules|file:/);
    expect(failed).toBe(true);
  });

  test('its globals are those of the language', async () => {
    const source =
      'console.log(Object.getOwnPropertyNames(globalThis).filter((name) => !/^[A-Z]/.test(name)).sort().join())';
    const language =
      'atob,btoa,console,decodeURI,decodeURIComponent,encodeURI,encodeURIComponent,escape,eval,globalThis,isFinite,isNaN,parseFloat,parseInt,performance,queueMicrotask,undefined,unescape';
    expect((await run(source, 3000, signal)).output).toBe(language);
  });

  test.each([
    ['then of every object', 'Object.prototype.then = (r) => { throw new Error("then") }; console.log("x")'],
    [
      'the methods of arrays and texts',
      'Array.prototype.map = Array.prototype.join = String.prototype.slice = () => "hacked"; console.log("x")',
    ],
    [
      'setters of every object',
      'for (const k of ["value", "output", "failed", "kind"]) Object.defineProperty(Object.prototype, k, { set() { throw new Error(k) } }); console.log("x")',
    ],
    [
      'the call of every function',
      'Function.prototype.call = Function.prototype.apply = null; console.log("x")',
    ],
    ['its console', 'console.log = () => {}; console.log("x")'],
    [
      'what is an error',
      'Error.prototype.toString = () => { throw 1 }; globalThis.Error = class {}; throw new TypeError("x")',
    ],
    [
      'its globals',
      'for (const k of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[k] } catch {} x',
    ],
    ['texts that do not end', 'String.prototype.toString = function () { for (;;); }; throw new String("x")'],
    ['a symbol as an error', 'throw Symbol("x")'],
    ['nothing as an error', 'throw undefined'],
    ['half a character', 'console.log("\\ud800"); throw "\\udc00"'],
    ['a zero character', 'console.log("a\\0b")'],
  ])('by changing %s: it harms itself alone', async (_, source) => {
    const result = await run(source, timeoutMs, signal);
    expect(result).toEqual({ output: expect.any(String), failed: expect.any(Boolean) });
    expect(await run('console.log({ a: ["x"] })', 3000, signal)).toEqual({
      output: '{a: ["x"]}',
      failed: false,
    });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(reports).toEqual([]);
  });
});

describe('the world of a program', () => {
  test('is the same each time: no clock, no chance, nothing of those before', async () => {
    const source =
      'globalThis.seen = (globalThis.seen ?? 0) + 1; console.log(seen, Date.now(), new Date().toString(), performance.now(), Math.random(), Math.random())';
    const [one, other] = [await run(source, 3000, signal), await run(source, 3000, signal)];
    expect(one).toEqual(other);
    expect(one.output).toMatch(/^1 0 Thu Jan 01 1970 00:00:00 GMT\+0000 0 /);
  });
});

describe('the time of a program', () => {
  test('begins with the program: to make its engine is not part of it, however long that takes', async () => {
    const wasm = await readFile(quickJsFile());
    let now = 0;
    let begunAt = -1;
    // Each look at the clock finds it an hour later, until the program has begun.
    const clock = () => {
      if (begunAt < 0) now += 3_600_000;
      return now;
    };
    const begun = () => {
      begunAt = now;
    };
    expect(await runInQuickJs(wasm, 'console.log(42)', 100, clock, begun)).toEqual({
      output: '42',
      failed: false,
    });
    expect(begunAt).toBeGreaterThanOrEqual(0);
  });

  test.each([1, 5, 20])(
    'of %i ms is its own: it is told that it was ended for that, and for nothing else',
    async (ms) => {
      const { output, failed } = await run('for (;;) {}', ms, signal);
      expect({ output, failed }).toEqual({ output: `The program was ended after ${ms} ms.`, failed: true });
    },
  );
});

describe('who asked has gone', () => {
  test('a program under way is ended, and one that waits is not begun', async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const runs = Array.from({ length: 6 }, () => run('for (;;) {}', 30_000, controller.signal));
    while (threads.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(reason);
    expect(await Promise.allSettled(runs)).toEqual(runs.map(() => ({ status: 'rejected', reason })));
    expect(threads).toHaveLength(2);
    expect(left()).toEqual([]);
    expect((await run('console.log(1)', 3000, signal)).output).toBe('1');
  });

  test('before it began: there is no thread', async () => {
    await expect(run('1', 3000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(threads).toEqual([]);
  });
});
