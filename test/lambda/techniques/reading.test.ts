import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { relevances } from '../../../lambda/techniques/reading/bm25.ts';
import { readChoice } from '../../../lambda/techniques/reading/choice.ts';
import { readFences } from '../../../lambda/techniques/reading/fences.ts';
import { isSameAnswer, readFinalAnswer } from '../../../lambda/techniques/reading/final-answer.ts';
import { partsOf } from '../../../lambda/techniques/reading/parts.ts';
import { replacePersonal } from '../../../lambda/techniques/reading/personal-data.ts';
import { readScore } from '../../../lambda/techniques/reading/score.ts';
import { ThinkingTags } from '../../../lambda/techniques/reading/thinking-tags.ts';
import { urlsIn } from '../../../lambda/techniques/reading/urls.ts';
import { readExamples } from '../../../lambda/techniques/solvers/leap.ts';

describe('a score', () => {
  test.each([
    ['7', 7],
    [' 7.5 ', 7.5],
    ['7,5', 7.5],
    ['**9**', 9],
    ['9/10', 9],
    ['Rating: 5', 5],
    ['**Score:** 9/10', 9],
    ['Score: 7.5\nExplanation: in 3 of 4 steps it is right', 7.5],
    ['I would give it 8 out of 10.', 8],
    ['In 3 of 4 steps it is right, so 6/10', 6],
    ['about 4, I think', 4],
    ['0', 0],
    ['95', undefined],
    ['Score: 95', undefined],
    ['-3', undefined],
    ['11/10', undefined],
    ['excellent', undefined],
    ['', undefined],
    ['Score: 1\nExplanation: 10 errors', 1],
    ['Rating (0-10): 8', 8],
    ['**Score (0 to 10):** 9', 9],
    ['Score (1–10): 7', 7],
    ['On a scale from 0 to 10, I would rate it 6.', 6],
    ['On a scale of 1-10: 6', 6],
    ['Between 0 and 10 it is a 4', 4],
    ['Score 0-10: 8', 8],
    ['Score out of 10: 8', 8],
    ['Score (out of 10): 8', 8],
    ['Rating (/10): 8', 8],
    ['Score: 8 (out of 10)', 8],
    ['In 3 of 4 steps it is right, so 6 out of 10: fine', 6],
    ['In 3 of 4 steps it is right, so 6/10: fine', 6],
    ['Score: 1 - 10 errors', 1],
    ['Score: 1 and 10 errors', 1],
    ['Score: 0', 0],
    ['Score: 10', 10],
  ])('%j of 10 is %s', (reply, score) => {
    expect(readScore(reply, 10)).toBe(score);
  });

  test.each([
    ['0.35', 0.35],
    ['40%', 0.4],
    ['Score: 0.8', 0.8],
    ['Score: 80 %', 0.8],
    ['1', 1],
    ['I am 90 % sure', 0.9],
    ['2', undefined],
    ['Score (0-1): 0.7', 0.7],
    ['On a scale from 0 to 1: 0.9', 0.9],
    ['between 0.0 and 1.0, so 0.4', 0.4],
    ['0.1', 0.1],
  ])('%j of 1 is %s', (reply, score) => {
    expect(readScore(reply, 1)).toBe(score);
  });

  test('any text has a score within range, or none', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(1, 10), (text, max) => {
        const score = readScore(text, max) ?? 0;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('a final answer', () => {
  test.each([
    ['Seven times six.\nThe final answer is 42.', '42'],
    ['**Answer: 42**', '42'],
    ['**Answer:** 42', '42'],
    ['Answer:\n42', '42'],
    ['The answer is 3.14.', '3.14'],
    ['The answer is $1,234.', '1234'],
    ['so $6 \\cdot 7 = \\boxed{42}$, as we know', '42'],
    ['\\boxed{\\frac{1}{2}}', '0.5'],
    ['The answer is 41. No: the answer is 42.0', '42'],
    ['<output>Paris</output>', 'paris'],
    ['long\nway\n#### 18', '18'],
    ['(B)', 'b'],
    ['A dog barks', 'a dog barks'],
    ['42.', '42'],
    ['1/2', '0.5'],
    ['{"b": 1.0, "a": [2]}', '{"a":[2],"b":1}'],
    ['```json\n{"a":1}\n```', '{"a":1}'],
    ['two lines\nwithout one', undefined],
    ['', undefined],
  ])('of %j is %s', (text, answer) => {
    expect(readFinalAnswer(text)?.answer).toBe(answer);
  });

  test('is the same in other clothes', () => {
    expect(isSameAnswer('2.50', '2.5')).toBe(true);
    expect(isSameAnswer('(Paris)', '**paris**.')).toBe(true);
    expect(isSameAnswer('\u22125', '-5')).toBe(true);
    expect(isSameAnswer(String.raw`\(50\%\)`, '50%')).toBe(true);
    expect(isSameAnswer(String.raw`\$1,250`, '$1250')).toBe(true);
    expect(isSameAnswer('41', '42')).toBe(false);
    expect(isSameAnswer('-5', '5')).toBe(false);
  });

  test('of a long hostile text is none, after one pass', () => {
    const long = 'final   answer  '.repeat(50_000);
    expect(readFinalAnswer(long)).toBeUndefined();
    expect(readFinalAnswer(`\\boxed{${'{'.repeat(200_000)}`)).toBeUndefined();
    expect(readScore('score '.repeat(100_000), 10)).toBeUndefined();
    expect(isSameAnswer(`${'.'.repeat(400_000)}x`, '42')).toBe(false);
  });
});

test('fenced blocks, the last of which need not be closed', () => {
  expect(readFences('a\n```js\nx\n```\nb\n~~~~\ny\n```\n~~~~\n```py\nz')).toEqual([
    { label: 'js', content: 'x' },
    { label: '', content: 'y\n```' },
    { label: 'py', content: 'z' },
  ]);
});

test('fenced blocks of a text with the ends of lines of Windows are the same', () => {
  expect(readFences('a\r\n```js\r\nx\r\ny\r\n```\r\nb')).toEqual([{ label: 'js', content: 'x\ny' }]);
});

test('a line that closes its backticks itself opens no block, as in Markdown', () => {
  const block = '```js\ny\n```';
  for (const line of ['```x``` is how I mark it.', `${'`'.repeat(300_000)}${'x'.repeat(300_000)}\``])
    expect(readFences(`${line}\n${block}`)).toEqual([{ label: 'js', content: 'y' }]);
});

test.each([
  ['3', 5, 3],
  ['The most consistent answer is 3.', 5, 3],
  ['Of the 5 answers, number 2', 5, 2],
  ['**4**', 5, 4],
  ['9', 5, undefined],
  ['none', 5, undefined],
])('the choice in %j of %d is %s', (reply, n, choice) => {
  expect(readChoice(reply, n)).toBe(choice);
});

test.each([
  ['<output>[{"question":"1+1?","answer":2}]</output>', [{ question: '1+1?', answer: '2' }]],
  ['```json\n[{"question":"q","answer":"a"}]\n```', [{ question: 'q', answer: 'a' }]],
  ['<output>["a"]</output>', []],
  ['<output>{"question":"x"}</output>', []],
  ['There are none.', []],
])('the examples in %j', (reply, examples) => {
  expect(readExamples(reply)).toEqual(examples);
});

test.each([
  [
    'See (https://a.example/x), then [this](https://a.example/y).',
    ['https://a.example/x', 'https://a.example/y'],
  ],
  ['<http://a.example/x_(y)> and http://a.example/x_(y)!', ['http://a.example/x_(y)']],
  ['ftp://a.example and nothing', []],
])('the URLs in %j', (text, urls) => {
  expect(urlsIn(text)).toEqual(urls);
});

describe('thinking in tags', () => {
  const read = (pieces: readonly string[], cutOff = false) => {
    const tags = new ThinkingTags();
    const all = [...pieces.map((piece) => tags.push(piece)), tags.end(cutOff)];
    return {
      thinking: all.map(({ thinking }) => thinking).join(''),
      output: all.map(({ output }) => output).join(''),
    };
  };

  test.each([
    ['<thinking>t</thinking>\n<output>\n42\n</output>', 't', '42'],
    ['42', '', '42'],
    ['<thinking>t</thinking><output>42', 't', '42'],
    [
      '<thinking>he wrote <output>no</output></thinking><output>yes</output>',
      'he wrote <output>no</output>',
      'yes',
    ],
    ['<thinking>t</thinking>So 42.', 't', 'So 42.'],
    ['<output>42</output>', '', '42'],
    [
      '<thinking>t</thinking><output>use <b>x</b> & </output> here</output> bye',
      't',
      'use <b>x</b> & </output> here',
    ],
    ['<thinking>never closed <output>42</output>', 'never closed <output>42</output>', '42'],
    ['Sure: <thinking>t</thinking><output>42</output>', 'Sure:t', '42'],
  ])('%j', (text, thinking, output) => {
    expect(read([text])).toEqual({ thinking, output });
  });

  test('cut off in the thinking there is no answer', () => {
    expect(read(['<thinking>half a <output>thou'], true)).toEqual({
      thinking: 'half a <output>thou',
      output: '',
    });
  });

  test('a long stream of blanks is read in one pass, before the tags, between them and in the answer', () => {
    const blanks = Array.from({ length: 60_000 }, () => '  ');
    const pieces = [
      ...blanks,
      '<thinking>t</thinking>',
      ...blanks,
      '<output>',
      ...blanks,
      '4',
      ...blanks,
      '2',
    ];
    expect(read(pieces)).toEqual({ thinking: 't', output: `4${blanks.join('')}2` });
    expect(read([...blanks, 'So', ...blanks, '42.', ...blanks])).toEqual({
      thinking: '',
      output: `So${blanks.join('')}42.`,
    });
  });

  test('is the same wherever the stream is cut', () => {
    const piece = fc.constantFrom(
      '<thinking>',
      '</thinking>',
      '<output>',
      '</output>',
      ' ',
      '\n',
      'word',
      '<',
      '</',
      'x'.repeat(450),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(60), { maxLength: 12 }),
        fc.boolean(),
        (parts, sizes, cutOff) => {
          const text = parts.join('');
          const pieces: string[] = [];
          let at = 0;
          for (const size of sizes) {
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          pieces.push(text.slice(at));
          expect(read(pieces, cutOff)).toEqual(read([...text], cutOff));
        },
      ),
    );
  });
});

describe('personal data', () => {
  const found = (text: string) => {
    const values: string[] = [];
    replacePersonal(text, (kind, value) => {
      values.push(`${kind} ${value}`);
      return `<${kind}>`;
    });
    return values;
  };

  test.each([
    ['Mail bob.x+y@mail.example.org.', ['EMAIL bob.x+y@mail.example.org']],
    ['Call +44 20 7946 0958, now', ['PHONE +44 20 7946 0958']],
    [
      'card 4111 1111 1111 1111 and 4111-1111-1111-1111',
      ['CARD 4111 1111 1111 1111', 'CARD 4111-1111-1111-1111'],
    ],
    ['IBAN DE89370400440532013000 OK', ['IBAN DE89370400440532013000']],
    ['IBAN DE89 3704 0044 0532 0130 00 PLEASE', ['IBAN DE89 3704 0044 0532 0130 00']],
    ['IBAN MT84 MALT 0110 0001 2345 MTLC AST0 01S.', ['IBAN MT84 MALT 0110 0001 2345 MTLC AST0 01S']],
    ['IBAN GB82WEST12345698765432 THE BANK OF ALL', ['IBAN GB82WEST12345698765432']],
    ['host 203.0.113.77.', ['IP 203.0.113.77']],
    ['at 2001:db8::8a2e:370:7334 now', ['IP 2001:db8::8a2e:370:7334']],
    ['SSN 536-22-1234', ['SSN 536-22-1234']],
    ['key AKIAIOSFODNN7EXAMPLE', ['AWS_KEY AKIAIOSFODNN7EXAMPLE']],
    ['Order 4111 1111 1111 1112, version 10.2.0, 1998 to 2024, std::vector, 12:30:45', []],
  ])('in %j', (text, values) => {
    expect(found(text)).toEqual(values);
  });

  test.each([
    ['digits', '1 '.repeat(200_000)],
    ['capitals', 'AB12 '.repeat(100_000)],
    ['at signs', 'a@'.repeat(200_000)],
    ['dots', 'a.'.repeat(200_000)],
    ['colons', '1:'.repeat(200_000)],
    ['plus signs', '+1 '.repeat(150_000)],
    ['what begins like an IBAN and is too long', `AB12${'A'.repeat(36)} `.repeat(50_000)],
  ])('is looked for in one pass: %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });
});

test('parts keep all of a text and stay within their size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('word ', 'é', '\n\n', 'x'.repeat(300), '日本', '😀'.repeat(70)), {
        maxLength: 60,
      }),
      (pieces) => {
        const text = pieces.join('');
        const parts = partsOf(text, 400);
        for (const part of parts) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(400);
          expect(part.isWellFormed()).toBe(true);
        }
        expect(parts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      },
    ),
  );
});

test('what has the rare words of a question fits it best', () => {
  const [sea = 0, light = 0] = relevances('Who keeps the lighthouse?', [
    'the sea and the wind',
    'the lighthouse keeper',
  ]);
  expect(light).toBeGreaterThan(sea);
});
