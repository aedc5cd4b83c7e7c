import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { quickJsFile } from '../../../lambda/sandbox/files.ts';
import { programLimits } from '../../../lambda/sandbox/program-limits.ts';
import { runInQuickJs } from '../../../lambda/sandbox/quickjs.ts';

let wasm: Uint8Array;
beforeAll(async () => {
  wasm = await readFile(quickJsFile());
});

/** Runs a program whose clock moves by a millisecond each time it is looked at. */
function run(source: string, timeoutMs = 1_000_000) {
  let ms = 0;
  const clock = () => {
    ms += 1;
    return ms;
  };
  return runInQuickJs(wasm, source, timeoutMs, clock, () => {});
}
const printed = async (source: string) => (await run(source)).output;

describe('what a program prints', () => {
  test.each([
    ['"a", 1, true, null, undefined, -0, 2n, NaN', 'a 1 true null undefined -0 2n NaN'],
    ['', ''],
    ['[1, "x", [2, []]]', '[1, "x", [2, []]]'],
    ['{ a: 1, b: { c: "x" }, d: undefined }', '{a: 1, b: {c: "x"}, d: undefined}'],
    ['new Map([[1, { x: "y" }]]), new Set(["a", 2])', 'Map {1 => {x: "y"}} Set {"a", 2}'],
    ['new (class Point { x = 1 })()', 'Point {x: 1}'],
    ['Object.create(null)', '{}'],
    ['function f() {}, () => 1, class A {}', '[Function f] [Function ] [Function A]'],
    ['Symbol("s"), /x/g, new Date(0)', 'Symbol(s) /x/g Thu Jan 01 1970 00:00:00 GMT+0000'],
    ['new Uint8Array([1, 2]), new DataView(new ArrayBuffer(1))', '[1, 2] DataView {}'],
    ['(() => { const a = [1]; a.push(a); return a })()', '[1, [Circular]]'],
    ['[[[[[[[1]]]]]]]', '[[[[[[[Array]]]]]]]'],
    ['{ a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }', '{a: {a: {a: {a: {a: {a: [Object]}}}}}}'],
    ['Array.from({ length: 2000 }, () => 1).length', '2000'],
  ])('%s', async (values, expected) => {
    expect(await printed(`console.log(${values})`)).toBe(expected);
  });

  test('of many items the first thousand are shown', async () => {
    const output = await printed('console.log(Array.from({ length: 2000 }, () => 1))');
    expect(output.match(/1/g)).toHaveLength(1000);
    expect(output).toMatch(/, …\]$/);
  });

  test('by every method that prints, in the order of its lines', async () => {
    const source = `
      for (const name of ['log', 'info', 'warn', 'error', 'debug', 'dir', 'table', 'trace', 'group']) console[name](name);
      for (const name of ['groupEnd', 'time', 'timeEnd', 'timeLog', 'count', 'clear']) console[name]('not this');
      console.assert(true, 'nor this'); console.assert(false, 'but this');`;
    expect(await printed(source)).toBe(
      'log\ninfo\nwarn\nerror\ndebug\ndir\ntable\ntrace\ngroup\nAssertion failed: but this',
    );
  });

  test('is cut, and the program ended, when it is more than is kept', async () => {
    const { output, failed } = await run('for (;;) console.log("0123456789".repeat(10))');
    expect(output).toBe(
      `${`${'0123456789'.repeat(10)}\n`.repeat(100).slice(0, programLimits.output)}\n(more was printed and is left out)`,
    );
    expect(failed).toBe(false);
  });
});

describe('how a program ends', () => {
  test.each([
    ['with its last statement', 'console.log(1)', '1', false],
    ['with what it waits for', 'const x = await Promise.resolve(2); console.log(x)', '2', false],
    [
      'with what goes on beside it',
      '(async () => { await null; await null; console.log(3) })(); console.log(1)',
      '1\n3',
      false,
    ],
    [
      'with a rejection that is caught later',
      'const p = Promise.reject(new Error("x")); await null; p.catch((e) => console.log(e.message))',
      'x',
      false,
    ],
    [
      'with an error',
      'console.log(1); null.x',
      "1\nTypeError: cannot read property 'x' of null\n    at <eval> (program.js:1:16)\n",
      true,
    ],
    [
      'with a syntax that it has not',
      'let x = ;',
      "SyntaxError: unexpected token in expression: ';'\n    at program.js:1:9\n",
      true,
    ],
    [
      'with a rejection',
      'await Promise.reject(new RangeError("r"))',
      'RangeError: r\n    at <eval> (program.js:1:26)\n',
      true,
    ],
    ['with a rejection beside it', '(async () => { await null; throw "s" })()', 's', true],
    ['with something thrown that is no error', 'throw { code: 1 }', '{code: 1}', true],
    ['with nothing thrown', 'throw undefined', 'undefined', true],
    [
      'with what never comes',
      'await new Promise(() => {})',
      'The program waits for something that never comes.',
      true,
    ],
  ])('%s', async (_, source, output, failed) => {
    expect(await run(source)).toEqual({ output, failed });
  });

  test('with its time, whatever it says of that itself', async () => {
    const source = 'console.log(1); for (;;) try { for (;;) {} } catch (e) { console.log(e) }';
    expect(await run(source, 50)).toEqual({ output: '1\nThe program was ended after 50 ms.', failed: true });
  });

  test('an error is told up to a bound', async () => {
    const { output } = await run('throw new Error("x".repeat(1e5))');
    expect(output.length).toBe(programLimits.error);
  });
});
