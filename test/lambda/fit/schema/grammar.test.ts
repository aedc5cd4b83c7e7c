import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../lambda/canonical/types.ts';
import { grammarNeeds } from '../../../../lambda/fit/schema/grammar.ts';

const text = { type: 'string' };
const inside = (schema: Json, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { a: schema },
  required: ['a'],
  ...more,
});

describe('what a grammar holds', () => {
  test.each<[string, Json]>([
    ['an object', inside(text)],
    ['an object of nothing', { type: 'object', properties: {} }],
    ['a closed object', { type: 'object', additionalProperties: false }],
    ['a list', { type: 'array', items: text, minItems: 1 }],
    ['ranges, which become words', { type: 'integer', minimum: 1, multipleOf: 2 }],
    ['values', { enum: ['a', 1, null, true] }],
    ['one value', { const: 'a' }],
    ['one of several', { anyOf: [text, { type: 'null' }] }],
    ['all of several', { allOf: [inside(text)] }],
    ['a format of its own', { type: 'string', format: 'date-time' }],
    ['a plain pattern', { type: 'string', pattern: '^(?:[a-z]+|\\\\b{1,3})$' }],
    ['notes', { type: 'string', title: 't', description: 'd', default: 'a', 'x-note': 1 }],
  ])('%s', (_what, schema) => {
    expect(grammarNeeds(inside(schema)).beyond).toBeUndefined();
  });

  test('a reference', () => {
    expect(grammarNeeds(inside({ $ref: '#/$defs/a' }, { $defs: { a: text } })).beyond).toBeUndefined();
  });
});

describe('what it does not', () => {
  test.each<[Json, beyond: string]>([
    [{ type: 'object' }, 'an open map'],
    [{ type: ['object', 'null'] }, 'an open map'],
    [{ type: 'object', additionalProperties: text }, 'additionalProperties'],
    [{ type: 'object', properties: {}, additionalProperties: true }, 'additionalProperties'],
    [{ type: 'object', properties: {}, patternProperties: { a: text } }, 'patternProperties'],
    [{ oneOf: [text] }, 'oneOf'],
    [{ type: 'string', not: { const: 'a' } }, 'not'],
    [{ type: 'array', prefixItems: [text] }, 'prefixItems'],
    [{ type: 'object', properties: {}, minProperties: 1 }, 'minProperties'],
    [{ type: 'string', format: 'int32' }, 'the format int32'],
    [{ type: 'string', pattern: '^(?=a).*$' }, 'such a pattern'],
    [{ type: 'string', pattern: '(?<!a)b' }, 'such a pattern'],
    [{ type: 'string', pattern: '(a)\\1' }, 'such a pattern'],
    [{ type: 'string', pattern: '\\bword\\b' }, 'such a pattern'],
    [{ enum: [{ a: 1 }] }, 'an enum of objects'],
    [{}, 'a schema without a type'],
    [{ description: 'anything' }, 'a schema without a type'],
    [true, 'a boolean schema'],
    [{ type: 'array', items: true }, 'a boolean schema'],
    [{ $ref: 'https://example.com/a' }, 'a reference to another document'],
    [{ allOf: [{ $ref: '#/$defs/a' }] }, 'allOf with $ref'],
    [{ $ref: '#' }, 'recursion'],
    [{ type: 'array', items: { $ref: '#/properties/a' } }, 'recursion'],
    [{ type: 'array', items: { $ref: '#/properties/%61' } }, 'recursion'],
  ])('%j', (schema, beyond) => {
    expect(grammarNeeds(inside(schema)).beyond).toBe(beyond);
  });
});

test('what it branches on is counted, deep down and in definitions', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: ['string', 'null'] },
      b: { anyOf: [text, inside({ type: ['integer', 'string'] })] },
      c: { type: ['string'] },
    },
    required: ['a'],
    $defs: { d: { type: 'object', properties: { e: text, f: text }, required: ['f', 'g'] } },
  };
  expect(grammarNeeds(schema)).toMatchObject({ unions: 3, optional: 3 });
});
