import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadSolver, type Solve } from '../../lambda/sandbox/solver.ts';

/** Scripts that a model may write, or be made to write, for Z3: what each tries, and what becomes of it. */

const timeoutMs = 100;
const { signal } = new AbortController();
const threads: Worker[] = [];
const noted = (thread: Worker) => threads.push(thread);
const reports: string[] = [];

let solve: Solve;
beforeAll(async () => {
  process.on('worker', noted);
  solve = await loadSolver((message) => reports.push(message));
});
afterAll(async () => {
  process.off('worker', noted);
  expect(reports).toEqual([]);
  for (const thread of threads) await thread.terminate();
});

/** A thread that has ended has no number any more. */
const alive = () => threads.filter(({ threadId }) => threadId !== -1);
/** The same solver goes on, or a new one: at most one is there, and it solves. */
async function goesOn(): Promise<void> {
  expect(alive().length).toBeLessThanOrEqual(1);
  const sum = '(declare-const x Int)(assert (= x (+ 17 25)))(check-sat)(get-value (x))';
  expect(await solve(sum, 20_000, signal)).toBe('sat\n((x 42))\n');
  expect(alive()).toHaveLength(1);
}

const integers = '(declare-const a Int)(declare-const b Int)(declare-const c Int)';
const fermat = `${integers}(assert (and (> a 1) (> b 1) (> c 1)))(assert (= (+ (* a a a a a) (* b b b b b)) (* c c c c c)))`;
const squares = Array.from({ length: 300 }, (_, i) => `(let ((a${i + 1} (* a${i} a${i})))`).join('');

describe('takes too long', () => {
  test.each([
    ['what cannot be decided', `${fermat}(check-sat)`],
    ['the same without number', fermat + '(check-sat)'.repeat(1000)],
    [
      'multiplied bits',
      '(declare-const a (_ BitVec 2048))(declare-const b (_ BitVec 2048))(assert (= (bvmul a b) (bvadd a #xff)))(assert (not (= a b)))(check-sat)'.replace(
        '#xff',
        `#x${'f'.repeat(512)}`,
      ),
    ],
    [
      'numbers that are squared',
      `(declare-const x Int)(declare-const a0 Int)(assert (= x ${squares.replace('(* a0 a0)', '3')}a300${')'.repeat(300)}))(check-sat)`,
    ],
    [
      'quantifiers that feed themselves',
      '(declare-fun f (Int) Int)(assert (forall ((x Int)) (= (f x) (+ (f (+ x 1)) (f (- x 1)) 1))))(assert (> (f 0) (f 5)))(check-sat)',
    ],
    ['a thousand million scopes', '(push 1000000000)(check-sat)'],
    [
      'a text of two thousand million characters',
      '(declare-const s String)(assert (= (str.len s) 2000000000))(check-sat)(get-value (s))',
    ],
    [
      'a repetition of a pattern',
      '(declare-const s String)(assert (str.in_re s ((_ re.loop 1000000 2000000) (re.++ (re.* re.allchar) (str.to_re "a")))))(check-sat)',
    ],
  ])('%s: it ends, as unknown or for want of memory, and the next one is solved', async (_, script) => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    const outcome = await solve(script, timeoutMs, signal).catch((error: Error) => error.message);
    clearInterval(timer);
    expect(outcome).toMatch(/^unknown\n|ran out of memory/);
    expect(turns).toBeGreaterThan(0);
    await goesOn();
  });
});

describe('takes too much memory', () => {
  test.each([
    [
      'a word of two thousand million bits',
      '(declare-const a (_ BitVec 2000000000))(assert (= a (bvnot a)))(check-sat)',
    ],
    ['a bit that is repeated', '(assert (= #b1 ((_ extract 0 0) ((_ repeat 100000000) #b1))))(check-sat)'],
  ])('%s: it is refused, and the next one is solved', async (_, script) => {
    await expect(solve(script, 10_000, signal)).rejects.toThrow('The solver ran out of memory.');
    await goesOn();
  });

  test('nor does it answer more than is kept', async () => {
    const script = `(declare-const x Int)(assert (= x ${'9'.repeat(3000)}))(check-sat)${'(get-model)'.repeat(20)}`;
    expect((await solve(script, 10_000, signal)).length).toBe(10_000);
    await goesOn();
  });
});

describe('looks for a way out', () => {
  const file = join(tmpdir(), `script-${process.pid}`);
  const hidden = `(set-option :regular-output-channel "${file}")`;
  test.each([
    hidden,
    `(set-option :diagnostic-output-channel "${file}")(check-sat)`,
    '(include "/etc/passwd")',
    `(echo |a\\| b|)${hidden}(echo |c|  |d|)`,
    `(echo #| y |z|# "w")${hidden}(echo |c|)`,
    `; x\r${hidden}\n(check-sat)`,
    '(eval (+ 1 1))',
    '(exit)',
    '(get-info :version)',
  ])('%s: it is refused before the solver sees it', async (script) => {
    await expect(solve(script, timeoutMs, signal)).rejects.toThrow(
      /not allowed|cannot be read|outside of any command/,
    );
    expect(existsSync(file)).toBe(false);
  });

  test('a script knows nothing of those before it, of their limits or their scopes', async () => {
    await solve('(declare-const secret Int)(assert (= secret 4711))(push 3)(check-sat)', 5000, signal);
    await expect(solve('(get-value (secret))', 5000, signal)).rejects.toThrow(
      /unknown constant|model is not available/,
    );
    await expect(solve('(pop 1)', 5000, signal)).rejects.toThrow(/pop/);
    await goesOn();
  });
});

describe('is wrong', () => {
  test.each([
    ['(declare-const x Int)\n(assert (= x (+ 17 twenty)))\n(check-sat)', /unknown constant twenty/],
    ['(check-sat)(get-value (x))', /unknown constant x/],
    ['(assert 1)(check-sat)', /error/],
    ['(declare-datatypes ((A 0)(B 0)) (((a (x B)))((b (y A)))))(check-sat)', /not well-founded/],
  ])('%s: refused with the words of Z3', async (script, words) => {
    await expect(solve(script, 5000, signal)).rejects.toThrow(words);
    await goesOn();
  });

  test.each([
    [
      'nested as deep as it may be',
      `(declare-const x Int)(assert (= x ${'(- '.repeat(990)}1${')'.repeat(990)}))(check-sat)`,
    ],
    ['a number of 30,000 digits', `(assert (> ${'9'.repeat(30_000)} 1))(check-sat)`],
    ['lines as Windows ends them', '(check-sat)\r\n'],
  ])('%s is not', async (_, script) => {
    expect(await solve(script, 20_000, signal)).toBe('sat\n');
  });
});

describe('who asked has gone', () => {
  beforeEach(goesOn);

  test('the one under way is ended, those that wait are not begun, the next is solved', async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const asked = Array.from({ length: 3 }, () => solve('(push 1000000000)', 30_000, controller.signal));
    const others = solve('(check-sat)', 5000, signal);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    expect(await Promise.allSettled(asked)).toEqual(asked.map(() => ({ status: 'rejected', reason })));
    expect(await others).toBe('sat\n');
    await goesOn();
  });

  test('a solver that ends by itself, at rest or at work, is made anew', async () => {
    await alive()[0]?.terminate();
    await goesOn();
    const broken = solve('(push 1000000000)', 30_000, signal);
    const expected = expect(broken).rejects.toThrow('The solver broke off.');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await alive()[0]?.terminate();
    await expected;
    await goesOn();
  });

  test('a long script arrives as it was sent, each time', async () => {
    const text = 'abcdefghij'.repeat(900);
    for (let i = 0; i < 60; i += 1) {
      const script = `(echo "${i} ${text}")${'; comment\n'.repeat(2000)}(echo "end")`;
      expect(await solve(script, 5000, signal)).toBe(`${i} ${text}\nend\n`);
    }
  });

  test('several at once do not disturb each other', async () => {
    const scripts = [1, 2, 3, 4].map(
      (n) => `(declare-const x Int)(assert (= x ${n}))(check-sat)(get-value (x))`,
    );
    const outputs = await Promise.all(scripts.map((script) => solve(script, 5000, signal)));
    expect(outputs).toEqual([1, 2, 3, 4].map((n) => `sat\n((x ${n}))\n`));
  });
});
