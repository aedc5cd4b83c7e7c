import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonObjects } from '../../../lambda/canonical/json-objects.ts';

describe('a text of JSON objects', () => {
  test.each<[string, unknown]>([
    ['', []],
    ['{}', [{}]],
    [' {"a":1} ', [{ a: 1 }]],
    ['{"a":1}{"b":2}{"c":3}', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['{"a":1};\n {"b":{"c":"}{\\""}}', [{ a: 1 }, { b: { c: '}{"' } }]],
    ['{"a":1} and more', undefined],
    ['{"a":1', undefined],
    ['{"a":"', undefined],
    ['{a}', undefined],
    ['[1]', undefined],
    ['"text"', undefined],
    ['no', undefined],
  ])('%j', (text, objects) => {
    expect(parseJsonObjects(text)).toEqual(objects);
  });

  test('is taken apart again', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(object), fc.constantFrom('', ' ', '\n', ';', ', '), (objects, between) => {
        const text = objects.map((each) => JSON.stringify(each)).join(between);
        expect(JSON.stringify(parseJsonObjects(text))).toBe(
          JSON.stringify(objects.map((each) => JSON.parse(JSON.stringify(each)))),
        );
      }),
    );
  });
});
