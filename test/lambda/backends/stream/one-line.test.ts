import { expect, test } from 'vitest';
import { inOneLine } from '../../../../lambda/backends/stream/one-line.ts';

test.each(['\n', '\r', '\r\n'])('a line break of %j between members goes, and texts keep theirs', (end) => {
  const json = `{${end}"text":${JSON.stringify(`a${end}b`)}${end}}`;
  expect(inOneLine(json)).toBe(JSON.stringify({ text: `a${end}b` }));
});

test('what is in one line stays as it was written', () => {
  const json = '{ "n": 1.0, "text": "a\\nb" }';
  expect(inOneLine(json)).toBe(json);
});
