import { describe, expect, test } from 'vitest';
import { readQuestionSet } from '../../../local/evaluate/question-set.ts';

const good = { id: 'q1', prompt: 'What is 6 × 7?', check: { kind: 'number', value: 42 } };
const lineOf = (change: object) => JSON.stringify({ ...good, ...change });
const read = (...lines: string[]) => readQuestionSet(lines.join('\n'), 'set.jsonl');

describe('a set of questions', () => {
  test('a question a line; blank lines, a mark of byte order and line ends of Windows do no harm', () => {
    const { questions } = read(`\uFEFF${lineOf({})}\r`, '', lineOf({ id: 'q2', topic: 't' }), '  ');
    expect(questions).toEqual([good, { ...good, id: 'q2', topic: 't' }]);
  });

  test('its digest is that of its questions, however they are written', () => {
    const one = read(lineOf({}));
    expect(read('', JSON.stringify(good, null, 1).replaceAll('\n', ' '), '').digest).toBe(one.digest);
    expect(read(lineOf({ prompt: 'What is 6 × 8?' })).digest).not.toBe(one.digest);
  });

  test.each<[string, object]>([
    ['number', { value: 1, tolerance: 0.1 }],
    ['exact', { value: 'a', also: ['b'] }],
    ['choice', { value: 'B' }],
    ['contains', { all: ['a'], none: ['b'] }],
    ['regex', { pattern: '^a+$' }],
    ['json', { value: [1, { a: 2 }] }],
    ['verify', { source: 'return true;' }],
    ['program', { tests: 'f();' }],
  ])('a check of the kind %s', (kind, members) => {
    const check = { kind, ...members };
    expect(read(lineOf({ check })).questions[0]?.check).toEqual(check);
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', '{"id": ', /^set\.jsonl:1: this is no JSON$/],
    ['a list', '[]', /:1: this is no question: it must be an object with id, prompt and check/],
    ['no id', lineOf({ id: undefined }), /:1: \.id is missing/],
    ['an id with a space', lineOf({ id: 'a b' }), /:1: \.id must be 1 to 64 letters/],
    ['no prompt', lineOf({ prompt: undefined }), /:1: \.prompt is missing/],
    ['an empty prompt', lineOf({ prompt: '  ' }), /:1: \.prompt must not be empty/],
    [
      'a prompt without end',
      lineOf({ prompt: 'x'.repeat(400_001) }),
      /:1: \.prompt must have at most 400000/,
    ],
    ['a member that is not known', lineOf({ answer: 42 }), /:1: \.answer is not known/],
    ['no check', lineOf({ check: undefined }), /:1: \.check is missing/],
    [
      'a kind that is not known',
      lineOf({ check: { kind: 'like' } }),
      /:1: \.check\.kind must be one of number, exact/,
    ],
    [
      'a number that is a text',
      lineOf({ check: { kind: 'number', value: '42' } }),
      /\.check\.value must be a number/,
    ],
    ['no value', lineOf({ check: { kind: 'number' } }), /:1: \.check\.value is missing/],
    [
      'a tolerance below 0',
      lineOf({ check: { kind: 'number', value: 1, tolerance: -1 } }),
      /\.check\.tolerance must not be negative/,
    ],
    [
      'a small letter',
      lineOf({ check: { kind: 'choice', value: 'b' } }),
      /\.check\.value must be a letter from A/,
    ],
    [
      'no expression',
      lineOf({ check: { kind: 'regex', pattern: '(' } }),
      /\.check\.pattern must be a regular/,
    ],
    [
      'nothing to contain',
      lineOf({ check: { kind: 'contains', all: [] } }),
      /\.check\.all must not be empty/,
    ],
    [
      'JSON that is a number',
      lineOf({ check: { kind: 'json', value: 4 } }),
      /\.check\.value must be an object/,
    ],
    [
      'a member of another kind',
      lineOf({ check: { kind: 'number', value: 1, also: ['one'] } }),
      /\.check\.also is not known/,
    ],
  ])('is refused by its line: %s', (_, line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  test('every line at fault is named, and an id that is there twice', () => {
    expect(() => read(lineOf({}), 'x', '', lineOf({}), '{}')).toThrow(
      /^set\.jsonl:2: this is no JSON\nset\.jsonl:4: \.id is that of line 1 already\nset\.jsonl:5: \.id is missing$/,
    );
    expect(() => read(...Array(30).fill('x'))).toThrow(/:20: this is no JSON\nand 10 more$/);
  });

  test('without a question is none', () => {
    expect(() => read('', ' ')).toThrow('set.jsonl has no question.');
  });
});
