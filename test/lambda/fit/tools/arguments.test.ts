import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../../../lambda/canonical/fold.ts';
import { toolInputText } from '../../../../lambda/canonical/tool-input.ts';
import type {
  ContentBlock,
  ConverseAnswer,
  ConverseRequest,
  Json,
  JsonObject,
} from '../../../../lambda/canonical/types.ts';
import { unfold } from '../../../../lambda/canonical/unfold.ts';
import { able } from '../../../support/capabilities.ts';
import { fitUnnamed } from '../../../support/fit.ts';
import { cuts, resplit } from '../../../support/resplit.ts';
import { names } from '../../../support/schemas.ts';

const claude = able({ schemaRules: 'anthropic' });
const other = able({});
const name = 'find.it';
const call = (input: Json, toolUseId = 't1', of = name): ContentBlock => ({
  toolUse: { toolUseId, name: of, input },
});
const result: ContentBlock = { toolResult: { toolUseId: 't1', content: [{ text: 'found' }] } };
const answer = (...content: ContentBlock[]): ConverseAnswer => ({
  output: { message: { role: 'assistant', content } },
  stopReason: 'tool_use',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});

function fitted(json: JsonObject, capabilities = claude, past: Json[] = []) {
  const messages: ConverseRequest['messages'] = [
    { role: 'user', content: [{ text: 'a' }] },
    ...past.flatMap((input): ConverseRequest['messages'] => [
      { role: 'assistant', content: [call(input)] },
      { role: 'user', content: [result] },
    ]),
  ];
  const toolConfig = { tools: [{ toolSpec: { name, inputSchema: { json } } }] };
  const { request, restore, warnings } = fitUnnamed(
    { converse: { messages, toolConfig }, intent: {} },
    capabilities,
  );
  const tool = request.toolConfig?.tools[0];
  if (!tool || !('toolSpec' in tool)) throw new Error('no tool');
  const spec = tool.toolSpec;
  const inputs = request.messages.flatMap(({ content }) =>
    content.flatMap((block) => ('toolUse' in block ? [block.toolUse.input] : [])),
  );
  return { spec, schema: spec.inputSchema.json, inputs, restore, warnings: warnings.map(String) };
}

/** The inputs that a client sees of an answer, whole and from a stream that was cut anywhere. */
function seen(restore: ReturnType<typeof fitted>['restore'], given: ConverseAnswer, at: number[]) {
  const streamed = restore.events();
  const events = resplit(unfold(given), at).flatMap((event) => streamed([event]));
  return [restore.answer(given), fold(events)].map(({ output }) =>
    output.message.content.map((block) => ('toolUse' in block ? toolInputText(block.toolUse.input) : block)),
  );
}

const members = fc.uniqueArray(names, { minLength: 1, maxLength: 6 });
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('"', '\\', '{"a b":1}', '日本'),
) as fc.Arbitrary<Json>;

/** An object of own properties, whatever they are called. */
const objectOf = (keys: string[], value: (key: string) => Json): JsonObject =>
  JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(value(key))}`).join()}}`);

describe('names of arguments that the model does not take', () => {
  test('are others on the way there, and the client’s own on the way back, whole and streamed', () => {
    fc.assert(
      fc.property(members, values, cuts, (keys, value, at) => {
        const input = objectOf(keys, (key) => objectOf([key], () => value));
        const schema = { type: 'object', properties: objectOf(keys, () => ({})), required: keys };
        const { schema: sent, inputs, restore } = fitted(schema, claude, [input]);
        const aliases = sent.required as string[];
        for (const alias of aliases) expect(alias).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
        expect(Object.keys(sent.properties as JsonObject).sort()).toEqual(aliases.toSorted());
        expect(new Set(aliases).size).toBe(keys.length);
        const told = objectOf(aliases, (alias) => objectOf([keys[aliases.indexOf(alias)]!], () => value));
        expect(JSON.stringify(inputs)).toBe(JSON.stringify([told]));
        const given = answer(
          { text: 'Let me see.' },
          call(told, 't2', 'find_it'),
          call(told, 't3', 'unknown'),
        );
        const own = JSON.stringify(input);
        const expected = [{ text: 'Let me see.' }, own, JSON.stringify(told)];
        expect(seen(restore, given, at)).toEqual([expected, expected]);
      }),
    );
  });

  test('are the same in everything that the root says of them, and told the model', () => {
    const { schema, spec } = fitted({
      type: 'object',
      properties: { 'a b': { type: 'string', description: 'An a.' }, c: { $ref: '#/properties/a%20b' } },
      required: ['a b'],
      dependentRequired: { 'a b': ['c'], c: ['a b'] },
      dependentSchemas: { 'a b': { required: ['a b'] } },
      if: { properties: { 'a b': { const: 'x' } } },
      not: { required: ['a b', 'c'] },
      anyOf: [{ required: ['a b'] }, { properties: { d: { properties: { 'e f': {} } } } }],
    });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        a_b: { type: 'string', description: 'An a. (called a b)' },
        c: { $ref: '#/properties/a_b' },
        d: { properties: { 'e f': {} } },
      },
      required: ['a_b'],
      dependentRequired: { a_b: ['c'], c: ['a_b'] },
      dependentSchemas: { a_b: { required: ['a_b'] } },
      if: { properties: { a_b: { const: 'x' } } },
      not: { required: ['a_b', 'c'] },
    });
    expect(spec.description).toBe(
      'The arguments must also conform to this JSON schema: {"anyOf":[{"required":["a_b"]},{"properties":{"d":{"properties":{"e f":{}}}}}]}',
    );
  });

  test('stay where they are taken, and in objects within', () => {
    const odd = { type: 'object', properties: { 'a b': { type: 'object', properties: { 'c d': {} } } } };
    expect(fitted(odd, other).schema).toBe(odd);
    expect(fitted({ type: 'object', properties: { a: odd } }).schema.properties).toEqual({ a: odd });
  });

  test('stay in what refers to the root from within, whose calls come and go as they are', () => {
    const node = { type: 'object', properties: { 'a b': { type: 'string' }, next: { $ref: '#' } } };
    const { schema, inputs } = fitted(
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        ...node,
        required: ['a b'],
        $defs: { root: {} },
      },
      claude,
      [{ 'a b': 'x', next: { 'a b': 'y' } }],
    );
    expect(schema).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        a_b: { type: 'string', description: '(called a b)' },
        next: { $ref: '#/$defs/root_' },
      },
      required: ['a_b'],
      $defs: {
        root: {},
        root_: {
          type: 'object',
          properties: { 'a b': { type: 'string' }, next: { $ref: '#/$defs/root_' } },
          required: ['a b'],
        },
      },
    });
    expect(inputs).toEqual([{ a_b: 'x', next: { 'a b': 'y' } }]);
  });

  test('a name that the schema has is not given to another', () => {
    const properties = { 'a b': {}, a_b: {}, 'a?b': {} };
    const { inputs, schema } = fitted({ type: 'object', properties }, claude, [
      { 'a b': 1, a_b: 2, 'a?b': 3 },
    ]);
    const [first, , third] = Object.keys(schema.properties as JsonObject);
    expect(inputs).toEqual([{ [first!]: 1, a_b: 2, [third!]: 3 }]);
  });

  test('what is no object, or was cut off, passes', () => {
    const { restore } = fitted({ type: 'object', properties: { 'a b': {} } });
    fc.assert(
      fc.property(
        fc.constantFrom('["a_b",{"a_b":1}]', '{"a_b": {"a_b":', '{"a_b', '"a_b"', '{}'),
        cuts,
        (text, at) => {
          const given = answer(call(text, 't2', 'find_it'));
          const expected = [text.replace(/^\{"a_b"/, '{"a b"')];
          expect(seen(restore, given, at)).toEqual([expected, expected]);
        },
      ),
    );
  });
});

describe('an argument that is no object', () => {
  const list = { type: 'array', items: { type: 'string' } };
  const lists = {
    type: 'object',
    properties: { value: list },
    required: ['value'],
    additionalProperties: false,
  };

  test.each([claude, other])('is the one property of what the model gives', (capabilities) => {
    const { schema, inputs, warnings } = fitted(list, capabilities, [['a', 'b']]);
    expect(schema).toEqual(lists);
    expect(inputs).toEqual([{ value: ['a', 'b'] }]);
    expect(warnings).toEqual([]);
  });

  test('is itself on the way back, whole and streamed', () => {
    const { restore } = fitted({ type: ['array', 'string', 'number', 'null'] });
    fc.assert(
      fc.property(values, cuts, (value, at) => {
        const expected = [JSON.stringify(value)];
        expect(seen(restore, answer(call({ value }, 't2', 'find_it')), at)).toEqual([expected, expected]);
      }),
    );
  });

  test.each<[Json, string]>([
    [{ values: [1] }, '{"values":[1]}'],
    [{ value: [1], more: 2 }, '{"value":[1],"more":2}'],
    [{}, '{}'],
    ['{"value": [1', '[1'],
    ['{"va', '{"va'],
  ])('not wrapped as asked, or cut off: %j', (input, text) => {
    const { restore } = fitted(list);
    expect(seen(restore, answer(call(input, 't2', 'find_it')), [3, 9])).toEqual([[text], [text]]);
  });

  test('references follow what they point to', () => {
    const { schema } = fitted({
      type: 'array',
      items: { anyOf: [{ $ref: '#' }, { $ref: '#/$defs/a' }, { $ref: '#/contains' }] },
      contains: { type: 'string' },
      $defs: { a: { type: 'null' } },
    });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        value: {
          type: 'array',
          items: {
            anyOf: [
              { $ref: '#/properties/value' },
              { $ref: '#/$defs/a' },
              { $ref: '#/properties/value/contains' },
            ],
          },
          contains: { type: 'string' },
        },
      },
      required: ['value'],
      additionalProperties: false,
      $defs: { a: { type: 'null' } },
    });
  });
});

describe('what a schema loses is named', () => {
  const variants = {
    oneOf: ['a', 'b'].map((key) => ({ type: 'object', properties: { [key]: {} }, required: [key] })),
  };

  test('a composition becomes part of the description, if it is short', () => {
    const short = fitted(variants);
    expect(short.spec.description).toMatch(
      /^The arguments must also conform to this JSON schema: \{"oneOf":/,
    );
    expect(short.warnings).toEqual([
      'a composition at the root became part of the description in the parameters of the tool "find.it"',
    ]);
    const long = fitted({ oneOf: [...variants.oneOf, { title: 'x'.repeat(3000) }] });
    expect(long.spec.description).toBeUndefined();
    expect(long.warnings).toEqual([
      'a composition at the root became one object of all properties in the parameters of the tool "find.it"',
    ]);
    expect(fitted(variants, other).schema).toEqual({ ...variants, type: 'object', properties: {} });
  });

  test('a member that means nothing, once for all tools', () => {
    const toolSpec = { inputSchema: { json: { type: 'object', additionalProperties: 'no' } } };
    const tools = ['a', 'b', 'c', 'd', 'e'].map((each) => ({ toolSpec: { ...toolSpec, name: each } }));
    const converse = {
      messages: [{ role: 'user' as const, content: [{ text: 'a' }] }],
      toolConfig: { tools },
    };
    expect(fitUnnamed({ converse, intent: {} }, other).warnings.map(String)).toEqual([
      'additionalProperties was left out in the parameters of the tools "a", "b", "c" and 2 more',
    ]);
  });
});

describe('the root of a schema on Nova 1, which reads three members of it', () => {
  const nova = able({ schemaRules: 'nova' });
  const text = { type: 'string' };

  test('has no others, and says the rest in the description', () => {
    const { schema, spec, warnings } = fitted(
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: 'Find',
        description: 'Finds it.',
        type: 'object',
        properties: { a: { $ref: '#/definitions/A' }, b: { ...text, maxLength: 3 } },
        required: ['a'],
        additionalProperties: false,
        minProperties: 2,
        'x-order': 1,
        definitions: { A: { type: 'object', properties: { c: text }, additionalProperties: false } },
      },
      nova,
    );
    expect(schema).toEqual({
      type: 'object',
      properties: {
        a: { type: 'object', properties: { c: text }, additionalProperties: false },
        b: { ...text, maxLength: 3 },
      },
      required: ['a'],
    });
    expect(spec.description).toBe(
      'Finds it.\n\nThe arguments must also conform to this JSON schema: {"minProperties":2}',
    );
    expect(warnings).toEqual([
      'minProperties at the root became part of the description in the parameters of the tool "find.it"',
    ]);
  });

  test('a plain one stays as it is', () => {
    const plain = { type: 'object', properties: { a: text }, required: ['a'] };
    expect(fitted(plain, nova)).toMatchObject({ schema: plain, warnings: [] });
  });

  test('a reference at the root is followed, a composition united', () => {
    const A = { type: 'object', properties: { a: { $ref: '#/$defs/T' } }, required: ['a'] };
    expect(fitted({ $ref: '#/$defs/A', $defs: { A, T: text } }, nova).schema).toEqual({
      type: 'object',
      properties: { a: text },
      required: ['a'],
    });
    const either = fitted(
      { anyOf: [{ $ref: '#/$defs/A' }, { properties: { b: text } }], $defs: { A, T: text } },
      nova,
    );
    expect(either.schema).toEqual({ type: 'object', properties: { a: text, b: text } });
    expect(either.spec.description).toContain(
      '"anyOf":[{"type":"object","properties":{"a":{"type":"string"}}',
    );
  });

  test('what is no object is wrapped, and comes back as itself', () => {
    const list = { type: 'array', items: { $ref: '#/$defs/T' }, $defs: { T: text } };
    const { schema, inputs, restore } = fitted(list, nova, [['x']]);
    expect(schema).toEqual({
      type: 'object',
      properties: { value: { type: 'array', items: text } },
      required: ['value'],
    });
    expect(inputs).toEqual([{ value: ['x'] }]);
    expect(seen(restore, answer(call({ value: ['y'] }, 't2')), [])).toEqual([['["y"]'], ['["y"]']]);
  });

  test('what refers to itself ends there, with a warning', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/N', description: 'The next.' } } };
    const { schema, warnings } = fitted({ $ref: '#/$defs/N', $defs: { N: node } }, nova);
    expect(schema).toEqual({
      type: 'object',
      properties: {
        next: {
          type: 'object',
          properties: { next: { description: 'The next.' } },
          description: 'The next.',
        },
      },
    });
    expect(warnings.join()).toContain('what refers to itself was left out');
  });

  test('definitions of definitions make it ten times as long, and no longer', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [
        `d${i}`,
        {
          type: 'object',
          properties: { a: { $ref: `#/$defs/d${i + 1}` }, b: { $ref: `#/$defs/d${i + 1}` } },
        },
      ]),
    );
    const given = { type: 'object', properties: { a: { $ref: '#/$defs/d0' } }, $defs };
    const { schema, warnings } = fitted(given, nova);
    expect(JSON.stringify(schema).length).toBeLessThan(20 * JSON.stringify(given).length);
    expect(warnings.join()).toContain('what is referred to too often was left out');
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`d${i}`, { $ref: `#/$defs/d${i + 1}` }]),
    );
    expect(fitted({ ...given, $defs: chain }, nova).schema.properties).toEqual({ a: {} });
  });
});
