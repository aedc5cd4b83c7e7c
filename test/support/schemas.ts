import fc from 'fast-check';
import type { Json, JsonObject } from '../../lambda/canonical/types.ts';

/** Names as tools have them, and some that nobody wants: `__proto__` among them. */
export const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'filter[name]', '$top', 'Account Number', '名前') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'x'.repeat(70), '', 'a/b~c', 'required'),
  },
  { weight: 1, arbitrary: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('0', '7')) },
);

const types = fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', 'null');
const number = fc.constantFrom(0, 1, 2, 10, 0.5, -1);
/** What stands where something else should: by mistake, or out of another serializer. */
const odd: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  null,
  'true',
  'false',
  'none',
  '3',
  7,
  -1,
  [],
  {},
  [null],
  [3, 'a', 'a'],
  ['STRING', 'dict'],
);
const reference = fc.constantFrom(
  '#',
  '#/$defs/a',
  '#/$defs/b',
  '#/definitions/a',
  '#/properties/a',
  '#/properties/filter%5Bname%5D',
  '#/anyOf/0',
  '#/allOf/1',
  '#/nowhere',
  '#anchor',
  'https://example.com/schema.json#/a',
  'other.json',
);

const dictionary = <T>(values: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(names, values), { maxLength: 4 }).map((pairs) => {
    const object: Record<string, T> = {};
    for (const [name, value] of pairs)
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    return object;
  });

/** Schemas of every draft: whole ones, ill ones, and such as no grammar holds. */
export const schemas: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: JsonObject; any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: tie('schema') },
    { weight: 1, arbitrary: fc.boolean() },
    { weight: 1, arbitrary: odd },
  ),
  schema: fc
    .array(
      fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.tuple(fc.constant('type'), fc.oneof(types, fc.uniqueArray(types, { maxLength: 3 }))),
        fc.tuple(
          fc.constantFrom(
            'minimum',
            'maximum',
            'minLength',
            'maxLength',
            'minItems',
            'maxItems',
            'multipleOf',
          ),
          number,
        ),
        fc.tuple(fc.constantFrom('exclusiveMinimum', 'exclusiveMaximum'), fc.oneof(number, fc.boolean())),
        fc.tuple(
          fc.constantFrom('enum', 'examples', 'const', 'default'),
          fc.constantFrom<Json[]>(['a', 'b'], [1], [{}]),
        ),
        fc.tuple(fc.constant('required'), fc.oneof(fc.uniqueArray(names, { maxLength: 3 }), fc.boolean())),
        fc.tuple(fc.constant('pattern'), fc.constantFrom('^a+$', '^(?=.*\\d).+$', '(a)\\1', '\\bword')),
        fc.tuple(fc.constant('format'), fc.constantFrom('date', 'int32', 'uuid', 'binary')),
        fc.tuple(fc.constant('description'), fc.constantFrom('Some words', '')),
        fc.tuple(
          fc.constantFrom('$id', 'id', '$anchor'),
          fc.constantFrom('https://example.com/s', '#anchor', 'anchor'),
        ),
        fc.tuple(
          fc.constant('$schema'),
          fc.constantFrom(
            'http://json-schema.org/draft-04/schema#',
            'https://json-schema.org/draft/2020-12/schema',
          ),
        ),
        fc.tuple(fc.constant('$ref'), reference),
        fc.tuple(
          fc.constantFrom(
            'type',
            'required',
            'properties',
            'items',
            'additionalProperties',
            'enum',
            'anyOf',
            '$ref',
            'description',
            'uniqueItems',
            'nullable',
            'dependencies',
          ),
          odd,
        ),
        fc.tuple(
          fc.constantFrom(
            'items',
            'additionalItems',
            'additionalProperties',
            'contains',
            'not',
            'if',
            'then',
            'else',
            'propertyNames',
          ),
          tie('any'),
        ),
        fc.tuple(
          fc.constantFrom('items', 'prefixItems', 'anyOf', 'oneOf', 'allOf'),
          fc.array(tie('any'), { maxLength: 3 }),
        ),
        {
          weight: 4,
          arbitrary: fc.tuple(
            fc.constantFrom(
              'properties',
              'properties',
              'properties',
              '$defs',
              'definitions',
              'patternProperties',
              'dependencies',
              'dependentSchemas',
            ),
            dictionary(tie('any')),
          ),
        },
      ) as fc.Arbitrary<[string, Json]>,
      { maxLength: 6 },
    )
    .map((pairs) => Object.fromEntries(pairs)),
})).schema;

const leaf = { type: 'string' };
const extras = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { description: 'Some words' },
  { type: ['string', 'null'] },
  { oneOf: [leaf, { type: 'null' }] },
  { anyOf: [leaf, { type: 'null' }] },
  { not: { const: 'a' } },
  { if: { const: 'a' }, else: { minLength: 1 } },
  { pattern: '^[a-z]{1,3}$' },
  { pattern: '^(?!a).*$' },
  { format: 'date-time' },
  { format: 'int32' },
  { minLength: 1, maxLength: 3 },
  { type: 'integer', minimum: 1 },
  { type: 'array', items: leaf, maxItems: 3, uniqueItems: true },
  { type: 'array', prefixItems: [leaf] },
  { type: 'object' },
  { type: 'object', additionalProperties: leaf },
  { type: 'object', properties: { a: leaf }, minProperties: 1 },
  { type: 'object', properties: { a: leaf }, patternProperties: { '^x': leaf } },
  { type: 'object', properties: { a: { $ref: '#' } } },
  { type: 'object', properties: { a: { $ref: '#/$defs/leaf' } } },
);

/** What a careful author writes: most of it fits a grammar, and the rest for one reason. */
const tidySchemas: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.array(extras, { maxLength: 40 }), fc.nat(2), fc.nat(40))
  .map(([members, several, required]) => {
    const few = several === 0 ? members.slice(0, 3) : members.filter((each) => Object.keys(each).length < 2);
    const properties = Object.fromEntries(few.map((extra, i) => [`p${i}`, { ...leaf, ...extra }]));
    const $defs = { leaf };
    return { type: 'object', properties, required: Object.keys(properties).slice(0, required), $defs };
  });

/** Such as clients send: mostly objects. */
export const rootSchemas = fc.oneof(
  { weight: 3, arbitrary: tidySchemas },
  { weight: 3, arbitrary: schemas.map((schema): JsonObject => ({ ...schema, type: 'object' })) },
  { weight: 2, arbitrary: schemas },
);
