import { expect, test } from 'vitest';
import { count, first, isObject, list, members, parseJson, text } from '../../../lambda/canonical/json.ts';

test.each([
  [{ a: 1 }, true],
  [{}, true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('%j is an object: %s', (value, is) => {
  expect(isObject(value)).toBe(is);
  expect(members(value)).toEqual(is ? value : {});
});

test('a list of anything is a list of what it has of objects', () => {
  expect(list([{ a: 1 }, null, 'x', [1]])).toEqual([{ a: 1 }, {}, {}, {}]);
  expect(list({ 0: { a: 1 } })).toEqual([]);
  expect(first([{ a: 1 }, { b: 2 }])).toEqual({ a: 1 });
  expect(first([])).toEqual({});
  expect(first('text')).toEqual({});
});

test.each([
  [7, 7],
  ['7', 7],
  [0, 0],
  ['', undefined],
  ['7.5', undefined],
  [-1, undefined],
  [null, undefined],
  [[7], undefined],
])('%j counts as %s', (value, counted) => expect(count(value)).toBe(counted));

test('what is no text is as if absent', () => {
  expect([text('a'), text(''), text(7), text(null)]).toEqual(['a', '', undefined, undefined]);
});

test('a JSON text that is null has a value, one that is none has not', () => {
  expect(parseJson('null')).toEqual({ value: null });
  expect(parseJson('{"a":')).toBeUndefined();
  expect(parseJson('')).toBeUndefined();
});
