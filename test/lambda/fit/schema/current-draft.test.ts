import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../../lambda/canonical/types.ts';
import { currentDraft } from '../../../../lambda/fit/schema/current-draft.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const inside = (schema: Json) => object({ a: schema });
const today = 'https://json-schema.org/draft/2020-12/schema';

/** What an older draft says, and how it is said now. */
const older: [what: string, given: JsonObject, now: JsonObject][] = [
  [
    'tuples',
    { items: [{ type: 'string' }, { type: 'number' }] },
    { prefixItems: [{ type: 'string' }, { type: 'number' }] },
  ],
  ['tuples that end', { items: [true], additionalItems: false }, { prefixItems: [true], items: false }],
  ['tuples of none', { type: 'array', items: [] }, { type: 'array' }],
  ['what follows no tuple', { items: { type: 'null' }, additionalItems: false }, { items: { type: 'null' } }],
  ['exclusive minimum', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
  ['inclusive maximum', { maximum: 9, exclusiveMaximum: false }, { maximum: 9 }],
  ['exclusive of nothing', { type: 'number', exclusiveMaximum: true }, { type: 'number' }],
  [
    'required members',
    object({ a: { type: 'string', required: true }, b: { required: false }, c: { required: 'true' } }),
    object({ a: { type: 'string' }, b: {}, c: {} }, { required: ['a', 'c'] }),
  ],
  [
    'required members beside a list',
    object({ a: { required: true } }, { required: ['b'] }),
    object({ a: {} }, { required: ['b', 'a'] }),
  ],
  [
    'dependencies',
    { dependencies: { a: ['b'], c: { required: ['d'] }, e: 'f', __proto_: true } },
    {
      dependentRequired: { a: ['b'], e: ['f'] },
      dependentSchemas: { c: { required: ['d'] }, __proto_: true },
    },
  ],
  ['the draft itself', { $schema: 'http://json-schema.org/draft-04/schema#' }, { $schema: today }],
  ['the draft of 2019', { $schema: 'https://json-schema.org/draft/2019-09/schema' }, { $schema: today }],
  ['anchors of draft 4', { id: '#a' }, { $anchor: 'a' }],
  ['anchors of draft 6', { $id: '#a' }, { $anchor: 'a' }],
  ['divisors', { divisibleBy: 3 }, { multipleOf: 3 }],
];

/** What is spelled otherwise is read as what it spells. */
const spelled: [what: string, given: JsonObject, now: JsonObject][] = [
  [
    'booleans',
    { additionalProperties: 'false', uniqueItems: 'True' },
    { additionalProperties: false, uniqueItems: true },
  ],
  ['types', { type: 'STRING' }, { type: 'string' }],
  ['lists of types', { type: ['STRING', 'null', 'null'] }, { type: ['string', 'null'] }],
  ['numbers', { minimum: '1.5', maxLength: '3' }, { minimum: 1.5, maxLength: 3 }],
  ['names twice', { required: ['a', 'a', 3, 'x'.repeat(5000)] }, { required: ['a'] }],
  [
    'null for nothing',
    { type: 'string', description: null, items: null, enum: null, default: null },
    { type: 'string', default: null },
  ],
];

/** What means nothing, and the word that names it. */
const meaningless: [given: JsonObject, now: JsonObject, lost: string][] = [
  [{ type: 'object', additionalProperties: 'none' }, { type: 'object' }, 'additionalProperties'],
  [{ type: 'object', additionalProperties: 3 }, { type: 'object' }, 'additionalProperties'],
  [{ type: 'dict' }, {}, 'type'],
  [{ type: [] }, {}, 'type'],
  [{ type: 'object', properties: [] }, { type: 'object' }, 'properties'],
  [{ required: 'a' }, {}, 'required'],
  [{ required: {} }, {}, 'required'],
  [{ anyOf: [] }, {}, 'anyOf'],
  [{ anyOf: 'x' }, {}, 'anyOf'],
  [{ enum: 'a' }, {}, 'enum'],
  [{ multipleOf: 0 }, {}, 'multipleOf'],
  [{ minLength: -1 }, {}, 'minLength'],
  [{ maxItems: 1.5 }, {}, 'maxItems'],
  [{ pattern: 3 }, {}, 'pattern'],
  [{ description: ['a'] }, {}, 'description'],
  [{ $id: 'https://example.com/a#b' }, {}, '$id'],
  [{ items: 'string' }, {}, 'items'],
  [{ properties: { a: 'string' } }, { properties: { a: {} } }, 'a schema that is none'],
  [{ anyOf: [{ type: 'null' }, 'string'] }, { anyOf: [{ type: 'null' }, {}] }, 'a schema that is none'],
  [{ $ref: 3 }, {}, '$ref'],
  [{ $ref: '#/$defs/a', title: 't' }, { title: 't' }, 'the $ref "#/$defs/a"'],
  [{ items: { $ref: 'https://example.com/a.json' } }, { items: {} }, 'https://example.com/a.json'],
  [{ $ref: '#a' }, {}, 'the $ref "#a"'],
  [{ $anchor: 'a'.repeat(5000) }, {}, '$anchor'],
  [{ $ref: `#/$defs/${'a'.repeat(5000)}` }, {}, 'the $ref'],
];

describe('draft 2020-12', () => {
  test.each(older)('%s', (_what, given, now) => {
    expect(currentDraft(given)).toEqual({ schema: now, lost: [] });
    expect(currentDraft(inside(given)).schema).toEqual(inside(now));
  });

  test.each(spelled)('%s', (_what, given, now) => {
    expect(currentDraft(given)).toEqual({ schema: now, lost: [] });
  });

  test.each(meaningless)('%j', (given, now, lost) => {
    expect(currentDraft(given)).toEqual({ schema: now, lost: [expect.stringContaining(lost)] });
  });

  test.each<[string, JsonObject]>([
    ['nothing', {}],
    [
      'data that looks like schemas',
      { default: { items: [1] }, const: { type: 'x' }, enum: [{ required: true }] },
    ],
    [
      'properties that are called like keywords',
      object({ required: { type: 'string' }, items: {}, $ref: {} }),
    ],
    ['keywords that nobody knows', { 'x-order': [1], encrypted: true, nullable: 'yes' }],
    ['booleans as schemas', object({ a: true, b: false }, { additionalProperties: false })],
    ['references', { properties: { a: { $ref: '#/$defs/a~1b' }, b: { $ref: '#' } }, $defs: { 'a/b': {} } }],
    ['references to anchors', { items: { $ref: '#here' }, $defs: { a: { $anchor: 'here' } } }],
    ['references to booleans', { items: { $ref: '#/$defs/a' }, $defs: { a: true } }],
    [
      'documents within, whose references are their own',
      { items: { $id: 'https://example.com/a', $ref: '#/$defs/b', $defs: { b: {} } } },
    ],
  ])('leaves %s as it is', (_what, schema) => {
    const { schema: current, lost } = currentDraft(schema);
    expect(current).toBe(schema);
    expect(lost).toEqual([]);
  });

  test('a reference by the schema’s own address stays within it', () => {
    const $id = 'https://example.com/a.json';
    const given = { $id, properties: { a: { $ref: `${$id}#/$defs/b` }, c: { $ref: $id } }, $defs: { b: {} } };
    expect(currentDraft(given).schema.properties).toEqual({ a: { $ref: '#/$defs/b' }, c: { $ref: '#' } });
  });

  test('a property that is called __proto__ is one', () => {
    const given = JSON.parse('{"properties":{"__proto__":{"type":"STRING"}}}') as JsonObject;
    expect(JSON.stringify(currentDraft(given).schema)).toBe('{"properties":{"__proto__":{"type":"string"}}}');
  });

  test('what is nested too deep ends', () => {
    let deep: JsonObject = { type: 'DICT' };
    for (let i = 0; i < 5000; i += 1) deep = { not: deep };
    expect(currentDraft(deep).lost).toEqual(['what is nested deeper than 200 levels']);
  });
});
