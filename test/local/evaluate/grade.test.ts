import { beforeAll, describe, expect, test } from 'vitest';
import { loadProgram, type RunProgram } from '../../../lambda/sandbox/program.ts';
import { grade, promptOf } from '../../../local/evaluate/grade.ts';
import type { Check } from '../../../local/evaluate/question-set.ts';

/** The sandbox, with less patience. */
let run: RunProgram;
beforeAll(async () => {
  const patient = await loadProgram(() => {});
  run = (source, _, signal) => patient(source, 1000, signal);
});

const number: Check = { kind: 'number', value: 56.75 };
const exact: Check = { kind: 'exact', value: 'Thora', also: ['Miss Thora'] };
const choice: Check = { kind: 'choice', value: 'B' };
const contains: Check = { kind: 'contains', all: ['red', 'blue'], none: ['green'] };
const json: Check = { kind: 'json', value: { a: [1, 2], b: 'x' } };
const verify: Check = {
  kind: 'verify',
  source: 'return answer.length === 2 && answer[0] + answer[1] === 5;',
};
const program: Check = {
  kind: 'program',
  tests: "if (double(2) !== 4 || double(-1) !== -2) throw new Error('wrong');",
};
const fenced = (text: string, label = 'js') => `\`\`\`${label}\n${text}\n\`\`\``;
const right = fenced('const double = (n) => 2 * n;');

describe('right', () => {
  test.each<[string, Check, string]>([
    ['a number at the end', number, 'So 100 - 43.25.\n\nAnswer: 56.75'],
    ['a number in bold, with a currency', number, '**Answer:** $56.75'],
    ['a number with a unit', number, 'Answer: 56.75 dollars'],
    ['a number in a box', number, '\\boxed{56.75}'],
    ['a number as a fraction', { kind: 'number', value: 0.25 }, 'Answer: 1/4'],
    ['a number with thousands', { kind: 'number', value: 25506 }, 'Answer: 25,506.'],
    ['a negative number', { kind: 'number', value: -5 }, 'Answer: -5'],
    ['a number within its tolerance', { kind: 'number', value: 3.14, tolerance: 0.01 }, 'Answer: 3.1416'],
    ['the last of several answers', number, 'Answer: 50? No.\nAnswer: 56.75'],
    ['a word', exact, 'Answer: Thora'],
    ['a word in another case, with a full stop', exact, 'The final answer is **thora**.'],
    ['another word for it', exact, 'Answer: Miss Thora'],
    ['a fraction in lowest terms or not', { kind: 'exact', value: '1/6' }, 'Answer: 36/216'],
    ['a letter', choice, 'Answer: B'],
    ['a letter with its text', choice, 'Answer: (b) a knave'],
    ['words', contains, 'Blue and RED.'],
    ['a pattern', { kind: 'regex', pattern: '^yes\\b' }, 'Yes, it is.'],
    ['JSON in a block, in another order', json, `Here:\n${fenced('{"b":"x","a":[1,2.0]}', 'json')}`],
    ['JSON behind the mark', json, 'Answer: {"a":[1,2],"b":"x"}'],
    ['JSON alone', json, '{"a":[1,2],"b":"x"}'],
    ['what holds', verify, fenced('[2, 3]', 'json')],
    ['the last block that is JSON', verify, `${fenced('[1, 1]')}\n${fenced('[1, 4]')}\n${fenced('so!')}`],
    ['a program', program, right],
    ['a program before an example of its use', program, `${right}\n${fenced('double(2) // 4', 'text')}`],
    ['a program that prints', program, fenced('const double = (n) => { console.log(n); return 2 * n; };')],
  ])('%s', async (_, check, text) => {
    expect(await grade(check, text, run)).toMatchObject({ right: true });
  });
});

describe('wrong', () => {
  test.each<[string, Check, string]>([
    ['another number', number, 'Answer: 56.7'],
    ['a number of which it is the beginning', { kind: 'number', value: 56 }, 'Answer: 56.75'],
    ['a number with it in its reasons', number, 'It was 56.75.\nAnswer: 50'],
    ['a number outside its tolerance', { kind: 'number', value: 3.14, tolerance: 0.001 }, 'Answer: 3.15'],
    ['another word', exact, 'Answer: Signe'],
    ['both words', exact, 'Answer: Thora or Signe'],
    ['another letter', choice, 'Answer: C'],
    ['a word that begins with the letter', choice, 'Answer: Both'],
    ['a word that may not be there', contains, 'Red, blue and green.'],
    ['a part of the words', contains, 'Red.'],
    ['other JSON', json, fenced('{"a":[2,1],"b":"x"}', 'json')],
    ['what does not hold', verify, fenced('[2, 2]')],
    ['what the check does not expect', verify, fenced('null')],
    ['what only looks true', { kind: 'verify', source: 'return 1;' }, fenced('[]')],
    ['a program that is wrong', program, fenced('const double = (n) => n * n;')],
    ['a program that does not end', program, fenced('const double = (n) => { for (;;); };')],
    ['a program that leaves before its tests', program, fenced('throw undefined;')],
    ['a program that says it is right', program, fenced("console.log('ok'); const double = 1;")],
    ['a program that is none', program, fenced('print(2)', 'python')],
  ])('%s', async (_, check, text) => {
    expect(await grade(check, text, run)).toMatchObject({ right: false });
  });

  test.each<[string, Check, string]>([
    ['a number that is not said to be the answer', number, 'It costs 56.75 in the end,\nI think.'],
    ['a word for a number', number, 'Answer: a lot'],
    ['words without a block', program, 'I would write a loop.'],
    ['nothing', exact, ''],
    ['no JSON', json, 'Answer: one and two'],
  ])('and nothing could be read: %s', async (_, check, text) => {
    expect(await grade(check, text, run)).toEqual({ right: false });
  });
});

test('a question says in which form its answer can be read, where that is not free', () => {
  const asked = (check: Check) => promptOf({ prompt: 'Q?', check });
  expect(asked(number)).toMatch(/^Q\?\n\n.*"Answer:" and then the number/);
  expect(asked(choice)).toMatch(/the letter/);
  expect(asked(json)).toMatch(/JSON in one fenced block/);
  expect(asked(program)).toMatch(/JavaScript/);
  expect(asked(contains)).toBe('Q?');
});
