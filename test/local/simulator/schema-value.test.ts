import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Choices } from '../../../local/simulator/answer/schema/making.ts';
import { valueFor } from '../../../local/simulator/answer/schema/value.ts';
import type { Schema } from '../../../local/simulator/converse/request.ts';
import { problems } from './json-schema.ts';

const sparing: Choices = { word: () => 'the user’s words', wants: () => false };
const generous: Choices = { word: () => 'the user’s words', wants: () => true };

/** What is wrong with the values that are made for a schema. */
const wrong = (schema: unknown) =>
  [sparing, generous].flatMap((choices) => {
    const value = valueFor(schema as Schema, choices);
    return problems(value, schema).map((problem) => `${problem}, but it is ${JSON.stringify(value)}`);
  });

const cases: [what: string, schemas: unknown[]][] = [
  ['lower bounds, the looser one first', [{ type: 'integer', minimum: -50, exclusiveMinimum: 0 }]],
  [
    'upper bounds',
    [
      { type: 'integer', maximum: 5, exclusiveMaximum: 3 },
      { type: 'number', exclusiveMaximum: 0 },
    ],
  ],
  [
    'between',
    [
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.1 },
      { type: 'integer', minimum: 7, maximum: 7 },
    ],
  ],
  ['draft 4', [{ type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: true }]],
  [
    'far away',
    [
      { type: 'number', exclusiveMinimum: 1e17 },
      { type: 'number', exclusiveMaximum: -1e300 },
    ],
  ],
  [
    'multiples',
    [
      { type: 'integer', multipleOf: 7, minimum: 10, maximum: 20 },
      { type: 'number', multipleOf: 0.1, exclusiveMinimum: 0.2 },
    ],
  ],
  ['whole multiples of halves', [{ type: 'integer', multipleOf: 1.5, minimum: 2 }]],
  ['multiples below nothing', [{ type: 'integer', multipleOf: 5, exclusiveMaximum: 0 }]],
  [
    'lengths',
    [
      { type: 'string', minLength: 30 },
      { type: 'string', maxLength: 3 },
      { type: 'string', minLength: 2, maxLength: 2 },
    ],
  ],
  [
    'patterns',
    [
      { pattern: '^[A-Z]{3}-\\d{4}$' },
      { pattern: '^(?:foo|bar)+$', type: 'string', minLength: 7 },
      { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
    ],
  ],
  [
    'patterns of other kinds',
    [
      { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$' },
      { type: 'string', pattern: '^\\p{Lu}\\p{L}*$' },
      { type: 'string', pattern: '^(?<y>\\d{4})-(0[1-9]|1[0-2])$' },
    ],
  ],
  [
    'patterns and lengths',
    [
      { type: 'string', pattern: '^[a-z]+$', minLength: 12, maxLength: 14 },
      { type: 'string', pattern: 'x', minLength: 5 },
    ],
  ],
  ['formats', Object.keys(formats()).map((format) => ({ type: 'string', format }))],
  [
    'formats with a length',
    [
      { type: 'string', format: 'email', minLength: 40 },
      { type: 'string', format: 'uri', minLength: 40 },
    ],
  ],
  [
    'values',
    [
      { enum: ['a', 5, null] },
      { const: { a: [1] } },
      { type: 'integer', enum: ['one', 2] },
      { enum: [1, 2, 3], minimum: 2 },
    ],
  ],
  [
    'a default that does not fit',
    [
      { type: 'integer', default: 'many' },
      { type: 'integer', default: 3, maximum: 2 },
    ],
  ],
  ['several types', [{ type: ['null', 'integer'], minimum: 4 }, { type: ['null'] }]],
  [
    'no type',
    [
      { minimum: 4 },
      { minLength: 40 },
      { items: { type: 'null' }, minItems: 2 },
      { required: ['a'] },
      {},
      true,
    ],
  ],
  [
    'arrays',
    [
      { type: 'array', items: { type: 'integer' }, minItems: 3 },
      { type: 'array', maxItems: 0 },
      { type: 'array', items: false },
    ],
  ],
  [
    'arrays without twins',
    ['integer', 'number', 'string', 'object', 'array'].map((type) => ({
      type: 'array',
      uniqueItems: true,
      minItems: 4,
      items:
        type === 'object'
          ? { type, properties: { a: { type: 'integer' } }, required: ['a'] }
          : type === 'array'
            ? { type, items: { type: 'integer' }, minItems: 1 }
            : { type },
    })),
  ],
  [
    'few values, all of them',
    [
      { type: 'array', uniqueItems: true, minItems: 3, items: { enum: ['a', 'b', 'c'] } },
      { type: 'array', uniqueItems: true, minItems: 2, items: { type: 'boolean' } },
    ],
  ],
  [
    'tuples',
    [
      { type: 'array', prefixItems: [{ type: 'integer' }, { const: 'x' }], items: false, minItems: 2 },
      { type: 'array', items: [{ const: 1 }, { const: 2 }], additionalItems: false },
    ],
  ],
  [
    'contains',
    [
      { type: 'array', items: { type: 'integer' }, contains: { minimum: 50 }, minContains: 2 },
      { contains: { const: 'x' } },
    ],
  ],
  [
    'maps',
    [
      { type: 'object', minProperties: 2, additionalProperties: { type: 'integer', minimum: 9 } },
      { type: 'object', minProperties: 1, propertyNames: { pattern: '^[A-Z]{2}$' } },
      {
        type: 'object',
        minProperties: 2,
        patternProperties: { '^x-': { const: 1 } },
        additionalProperties: false,
      },
    ],
  ],
  ['few members', [{ type: 'object', properties: { a: {}, b: {}, c: {} }, maxProperties: 1 }]],
  [
    'dependent members',
    [
      {
        type: 'object',
        properties: { a: { type: 'integer' }, b: { type: 'string' } },
        required: ['a'],
        dependentRequired: { a: ['b'] },
      },
      {
        type: 'object',
        required: ['a'],
        dependentSchemas: { a: { required: ['c'], properties: { c: { const: 7 } } } },
      },
    ],
  ],
  ['required and unknown', [{ type: 'object', required: ['__proto__', 'a'] }]],
  [
    'all of',
    [
      {
        allOf: [
          { type: 'object', properties: { a: { minimum: 5 } }, required: ['a'] },
          { properties: { a: { type: 'integer', maximum: 6 }, b: { const: 1 } }, required: ['b'] },
        ],
      },
    ],
  ],
  ['all of, with siblings', [{ type: 'string', minLength: 3, allOf: [{ maxLength: 4 }, { minLength: 4 }] }]],
  [
    'any of, the first in vain',
    [
      { anyOf: [{ type: 'string', maxLength: 1 }, { type: 'integer' }], not: { type: 'string' } },
      { type: 'integer', anyOf: [{ minimum: 9, maximum: 3 }, { minimum: 4 }] },
    ],
  ],
  [
    'any of, with siblings',
    [
      {
        type: 'object',
        properties: { a: { type: 'integer' }, b: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
    ],
  ],
  [
    'one of, where both would do',
    [
      { oneOf: [{ type: 'integer', minimum: 1 }, { type: 'integer', minimum: 2 }, { const: 0 }] },
      { oneOf: [{ type: 'number' }, { type: 'integer' }, { type: 'string' }] },
    ],
  ],
  [
    'not',
    [
      { type: 'integer', not: { const: 1 } },
      { not: { type: ['string', 'number'] } },
      { type: 'boolean', not: { const: true } },
    ],
  ],
  [
    'if, then, else',
    [
      {
        type: 'object',
        properties: { kind: { enum: ['a', 'b'] }, size: { type: 'integer' } },
        required: ['kind'],
        ...when({ properties: { kind: { const: 'a' } } }, { required: ['size'] }, { maxProperties: 1 }),
      },
    ],
  ],
  [
    'references',
    [
      {
        type: 'object',
        properties: { a: { $ref: '#/$defs/a~1b', minimum: 5 } },
        required: ['a'],
        $defs: { 'a/b': { type: 'integer' } },
      },
      { $ref: '#/definitions/x', definitions: { x: { $ref: '#/definitions/y' }, y: { const: 1 } } },
    ],
  ],
  [
    'recursion with a way out',
    [
      {
        $ref: '#/$defs/node',
        $defs: {
          node: {
            type: 'object',
            properties: {
              value: { type: 'integer' },
              next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
            },
            required: ['value', 'next'],
          },
        },
      },
    ],
  ],
  ['deep', [nested(15)]],
];

describe('a made-up value fits its schema', () => {
  test.each(cases)('%s', (_, schemas) => {
    for (const schema of schemas) expect(wrong(schema), JSON.stringify(schema)).toEqual([]);
  });

  test('whatever it says together, as long as anything fits', () => {
    fc.assert(
      fc.property(satisfiable(3), ({ schema }) => {
        expect(wrong(schema)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('what is no schema is refused', () => {
    expect(() =>
      valueFor({ type: 'object', properties: { a: 5 as never }, required: ['a'] }, sparing),
    ).toThrow('JSON schema is invalid');
  });

  test('what nothing fits comes to an end', () => {
    const twins = {
      type: 'object',
      properties: { a: { $ref: '#' }, b: { $ref: '#' } },
      required: ['a', 'b'],
    };
    expect(JSON.stringify(valueFor(twins, sparing)).length).toBeLessThan(200_000);
    expect(valueFor({ allOf: [{ const: 1 }, { const: 2 }] }, sparing)).toBeDefined();
    expect(valueFor({ $ref: '#' }, sparing)).toBeDefined();
  });
});

function formats() {
  return {
    'date-time': 1,
    date: 1,
    time: 1,
    duration: 1,
    email: 1,
    hostname: 1,
    ipv4: 1,
    ipv6: 1,
    uri: 1,
    uuid: 1,
  };
}

/** Written so because an object with a member `then` would be taken for a promise. */
function when(condition: unknown, consequence: unknown, otherwise: unknown): object {
  return Object.fromEntries([
    ['if', condition],
    ['then', consequence],
    ['else', otherwise],
  ]);
}

function nested(depth: number): Schema {
  return depth === 0
    ? { type: 'integer', minimum: 3 }
    : {
        type: 'object',
        properties: { in: nested(depth - 1) },
        required: ['in'],
        additionalProperties: false,
      };
}

/** Schemas made around a value that fits them, so that they can be satisfied. */
interface Witnessed {
  schema: unknown;
  witness: unknown;
}

function satisfiable(depth: number): fc.Arbitrary<Witnessed> {
  const leaves = [numbers(), texts(), fc.constantFrom(true, false, null).map(constant)];
  if (depth === 0) return fc.oneof(...leaves);
  const inner = satisfiable(depth - 1);
  return fc.oneof(
    ...leaves,
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.tuple(inner, fc.boolean())).chain(objects),
    fc.tuple(fc.array(inner, { maxLength: 3 }), fc.boolean()).map(tuples),
    fc.tuple(inner, inner, fc.boolean()).map(([one, other, first]) => ({
      witness: one.witness,
      schema: { anyOf: first ? [one.schema, other.schema] : [{ not: {} }, one.schema] },
    })),
    inner.map(({ schema, witness }) => ({ witness, schema: { allOf: [schema, {}, { allOf: [schema] }] } })),
    inner.map(({ schema, witness }) => ({
      witness,
      schema: when({ type: 'array' }, schema, schema),
    })),
  );
}

const constant = (witness: unknown): Witnessed => ({ witness, schema: { enum: [witness] } });

const numbers = (): fc.Arbitrary<Witnessed> =>
  fc
    .record({
      step: fc.constantFrom(1, 2, 5, 0.5, 0.25),
      times: fc.integer({ min: -1000, max: 1000 }),
      below: fc.constantFrom(undefined, 0, 1, 40),
      above: fc.constantFrom(undefined, 0, 1, 40),
      strict: fc.boolean(),
      multiple: fc.boolean(),
    })
    .map(({ step, times, below, above, strict, multiple }) => {
      const witness = step * times;
      const type = Number.isInteger(witness) && strict ? 'integer' : 'number';
      return {
        witness,
        schema: {
          type,
          ...(below !== undefined && { minimum: witness - below }),
          ...(below !== undefined && strict && { exclusiveMinimum: witness - below - 1 }),
          ...(above !== undefined && { maximum: witness + above }),
          ...(above !== undefined && strict && { exclusiveMaximum: witness + above + 0.5 }),
          ...(multiple && { multipleOf: step }),
        },
      };
    });

const texts = (): fc.Arbitrary<Witnessed> =>
  fc
    .tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom('none', 'length', 'pattern', 'both'))
    .map(([witness, kind]) => ({
      witness,
      schema: {
        type: 'string',
        ...(kind !== 'none' && { minLength: witness.length, maxLength: witness.length + 3 }),
        ...(['pattern', 'both'].includes(kind) && { pattern: `^[${witness[0]}-z]` }),
      },
    }));

function objects(members: Record<string, [Witnessed, boolean]>): fc.Arbitrary<Witnessed> {
  const names = Object.keys(members);
  const properties = Object.fromEntries(names.map((name) => [name, members[name]![0].schema]));
  const witness = Object.fromEntries(names.map((name) => [name, members[name]![0].witness]));
  const required = names.filter((name) => members[name]![1]);
  return fc
    .constantFrom({}, { additionalProperties: false }, { minProperties: names.length })
    .map((more) => ({
      witness,
      schema: { type: 'object', properties, required, ...more },
    }));
}

const tuples = ([items, closed]: [Witnessed[], boolean]): Witnessed => ({
  witness: items.map(({ witness }) => witness),
  schema: {
    type: 'array',
    prefixItems: items.map(({ schema }) => schema),
    minItems: items.length,
    ...(closed && { items: false }),
  },
});
