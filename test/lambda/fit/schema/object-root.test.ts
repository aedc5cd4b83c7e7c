import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { objectRoot } from '../../../../lambda/fit/schema/object-root.ts';

const text = { type: 'string' };
const count = { type: 'integer' };
const has = (name: string, schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { [name]: schema },
  required: [name],
  ...more,
});

describe('a root without composition', () => {
  test.each<[string, JsonObject, JsonObject, boolean]>([
    ['is itself', has('a', text), has('a', text), true],
    ['is given a type', { properties: { a: text } }, { type: 'object', properties: { a: text } }, true],
    ['may be null', { type: ['object', 'null'] }, { type: 'object', properties: {} }, true],
    [
      'when branches only demand',
      {
        type: 'object',
        properties: { a: text, b: count },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      { type: 'object', properties: { a: text, b: count } },
      false,
    ],
    [
      'demands what each branch demands',
      {
        oneOf: [
          has('a', text),
          { ...has('a', text), properties: { a: text, b: count }, required: ['b', 'a'] },
        ],
      },
      { type: 'object', properties: { a: text, b: count }, required: ['a'] },
      false,
    ],
    [
      'offers what branches say differently',
      { oneOf: [has('kind', { const: 'a' }), has('kind', { const: 'b' }), has('kind', { const: 'a' })] },
      has('kind', { anyOf: [{ const: 'a' }, { const: 'b' }] }),
      false,
    ],
    [
      'keeps its own word beside that of all branches',
      { ...has('kind', text), anyOf: [has('kind', { const: 'a' }), has('kind', { const: 'b' })] },
      has('kind', { type: 'string', allOf: [{ anyOf: [{ const: 'a' }, { const: 'b' }] }] }),
      false,
    ],
    [
      'and forgets that of some',
      { ...has('kind', text), anyOf: [has('kind', { const: 'a' }), has('b', count)] },
      { type: 'object', properties: { kind: text, b: count }, required: ['kind'] },
      false,
    ],
    [
      'takes the only branch in, and none for null',
      { anyOf: [has('a', text, { description: 'd' }), { type: 'null' }] },
      has('a', text, { description: 'd' }),
      true,
    ],
    [
      'is all of them',
      { allOf: [has('a', text), has('b', count, { minProperties: 2 })] },
      { type: 'object', properties: { a: text, b: count }, required: ['a', 'b'], minProperties: 2 },
      true,
    ],
    [
      'is closed where all branches are',
      {
        anyOf: [
          has('a', text, { additionalProperties: false }),
          has('b', count, { additionalProperties: false }),
        ],
      },
      { type: 'object', properties: { a: text, b: count }, additionalProperties: false },
      false,
    ],
    [
      'is what it refers to',
      { $ref: '#/$defs/a', $defs: { a: has('a', text) } },
      { ...has('a', text), $defs: { a: has('a', text) } },
      true,
    ],
    [
      'follows branches that refer, each once',
      {
        anyOf: [{ $ref: '#/$defs/a' }, { allOf: [{ $ref: '#/$defs/a' }, has('b', count)] }],
        $defs: { a: has('a', text) },
      },
      {
        type: 'object',
        properties: { a: text, b: count },
        required: ['a'],
        $defs: { a: has('a', text) },
      },
      false,
    ],
    ['ends where it refers to itself', { allOf: [{ $ref: '#' }, has('a', text)] }, has('a', text), true],
  ])('%s', (_what, given, schema, exact) => {
    expect(objectRoot(given)).toEqual({ schema, exact });
  });

  test.each<[string, JsonObject]>([
    ['another type', { type: 'array' }],
    ['several other types', { type: ['string', 'null'] }],
    ['words of another type', { items: text }],
    ['one of some values', { enum: ['a', 'b'] }],
    ['an object or a text', { anyOf: [has('a', text), text] }],
    ['nothing but null', { anyOf: [{ type: 'null' }] }],
    ['a reference to a list', { $ref: '#/$defs/a', $defs: { a: { type: 'array' } } }],
    ['never', { anyOf: [false, has('a', text)] }],
  ])('cannot be: %s', (_what, given) => {
    expect(objectRoot(given)).toBeUndefined();
  });

  test('branches that would take too much work are not united', () => {
    const wide = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, text])),
    };
    const branches = Array.from({ length: 1000 }, () => ({ $ref: '#/$defs/wide' }));
    expect(objectRoot({ anyOf: branches, $defs: { wide } })).toBeUndefined();
    const doubled = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    expect(objectRoot({ $ref: '#/$defs/d0', $defs: { ...doubled, d60: wide } })).toBeUndefined();
  });

  test('a chain of references ends before the stack does', () => {
    const chain = (length: number): JsonObject => ({
      $ref: '#/$defs/d0',
      $defs: {
        ...Object.fromEntries(Array.from({ length }, (_, i) => [`d${i}`, { $ref: `#/$defs/d${i + 1}` }])),
        [`d${length}`]: has('a', text),
      },
    });
    expect(objectRoot(chain(50))?.schema).toMatchObject(has('a', text));
    expect(objectRoot(chain(50_000))).toBeUndefined();
  });
});
