import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { schemaFault } from '../../../../local/simulator/openai/strict-schema.ts';
import { fitUnnamed } from '../../../support/fit.ts';
import { schemas } from '../../../support/schemas.ts';

const gpt = capabilitiesOf('us.openai.gpt-6-sol');
const messages = [{ role: 'user' as const, content: [{ text: 'Hello' }] }];

/** The tools that are sent where the client's has this schema, or where an answer of it is asked for. */
function sent(asked: { tool: JsonObject } | { answer: JsonObject }) {
  const tools = 'tool' in asked ? [{ toolSpec: { name: 'x', inputSchema: { json: asked.tool } } }] : [];
  const { request, warnings } = fitUnnamed(
    {
      converse: { messages, ...(tools.length > 0 && { toolConfig: { tools } }) },
      intent:
        'answer' in asked ? { outputFormat: { type: 'json_schema', name: 'n', schema: asked.answer } } : {},
    },
    gpt,
  );
  const specs = (request.toolConfig?.tools ?? []).flatMap((tool) =>
    'toolSpec' in tool ? [tool.toolSpec] : [],
  );
  return { specs, warnings: warnings.map(String) };
}

const faults = (asked: Parameters<typeof sent>[0]) =>
  sent(asked).specs.flatMap(
    ({ name, inputSchema }) => schemaFault(inputSchema.json, false, { kind: 'function', name }) ?? [],
  );

describe('schemas of GPT', () => {
  test('any schema of a tool becomes one that it takes', () => {
    fc.assert(
      fc.property(schemas, (tool) => void expect(faults({ tool })).toEqual([])),
      { numRuns: 300 },
    );
  });

  test('any schema of an answer becomes one that it takes', () => {
    fc.assert(
      fc.property(schemas, (answer) => void expect(faults({ answer })).toEqual([])),
      { numRuns: 300 },
    );
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['without properties', { type: 'object' }, { type: 'object', properties: {} }],
    [
      'with a list of anything, at any depth',
      { type: 'object', properties: { a: { type: ['array', 'null'] }, b: { anyOf: [{ type: 'array' }] } } },
      {
        type: 'object',
        properties: {
          a: { type: ['array', 'null'], items: {} },
          b: { anyOf: [{ type: 'array', items: {} }] },
        },
      },
    ],
    [
      'of a tuple',
      {
        type: 'object',
        properties: { a: { type: 'array', prefixItems: [{ type: 'string' }], items: false } },
      },
      {
        type: 'object',
        properties: { a: { type: 'array', prefixItems: [{ type: 'string' }], items: false } },
      },
    ],
  ])('one %s', (_, tool, expected) => {
    expect(sent({ tool }).specs.map(({ inputSchema }) => inputSchema.json)).toEqual([expected]);
  });

  test.each<[string, JsonObject, string]>([
    ['a reference leads to', { properties: { a: { not: {} } }, $ref: '#/properties/a' }, '{"not":{}}'],
    [
      'a reference leads to, and one of its own',
      { properties: { a: { not: { required: ['b'] } } }, $ref: '#/properties/a', not: { required: ['c'] } },
      '{"allOf":[{"not":{"required":["c"]}},{"not":{"required":["b"]}}]}',
    ],
    [
      'a branch has',
      { allOf: [{ type: 'object', properties: { a: {} }, not: { required: ['a'] } }] },
      '{"allOf":[{"type":"object","properties":{"a":{}},"not":{"required":["a"]}}],"not":{"required":["a"]}}',
    ],
  ])('a negation at the root that %s is told in words', (_, tool, rule) => {
    expect(faults({ tool })).toEqual([]);
    expect(sent({ tool }).specs[0]?.description).toBe(
      `The arguments must also conform to this JSON schema: ${rule}`,
    );
  });

  test('what is composed at a root is told in words', () => {
    const tool = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
      not: { required: ['a', 'b'] },
    };
    const { specs, warnings } = sent({ tool });
    expect(specs[0]?.inputSchema.json).toEqual({ type: 'object', properties: tool.properties });
    expect(specs[0]?.description).toContain(JSON.stringify({ oneOf: tool.oneOf, not: tool.not }));
    expect(warnings.join()).toContain('a composition at the root became part of the description');
  });
});
