import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { able } from '../../../support/capabilities.ts';
import { fitUnnamed } from '../../../support/fit.ts';

const text = { type: 'string' };
const many = (count: number, schema: JsonObject = text): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, schema]));
const optional = (count: number): JsonObject => ({ type: 'object', properties: many(count) });
const required = (count: number, schema?: JsonObject): JsonObject => ({
  type: 'object',
  properties: many(count, schema),
  required: Object.keys(many(count)),
});

function fitted(schemas: JsonObject[], capabilities = able({})) {
  const tools = schemas.map((json, i) => ({
    toolSpec: { name: `f${i}`, strict: true, inputSchema: { json } },
  }));
  const converse = { messages: [{ role: 'user' as const, content: [{ text: 'a' }] }], toolConfig: { tools } };
  const { request, warnings, ignored } = fitUnnamed({ converse, intent: {} }, capabilities);
  const specs = (request.toolConfig?.tools ?? []).flatMap((tool) =>
    'toolSpec' in tool ? [tool.toolSpec] : [],
  );
  return {
    specs,
    strict: specs.map((spec) => spec.strict === true),
    warnings: warnings.map(String),
    ignored: ignored.map(String),
  };
}

describe('strict is a wish', () => {
  test('that a grammar fulfils', () => {
    const { specs, warnings, ignored } = fitted([required(1), optional(24)]);
    expect(specs.map(({ strict }) => strict)).toEqual([true, true]);
    expect(specs[0]!.inputSchema.json).toEqual({ ...required(1), additionalProperties: false });
    expect([warnings, ignored]).toEqual([[], []]);
  });

  test('a tool that no grammar holds loses it, and keeps its schema whole', () => {
    const open = { type: 'object', properties: { a: { type: 'object' } } };
    const { specs, strict, warnings, ignored } = fitted([required(1), open, open]);
    expect(strict).toEqual([true, false, false]);
    expect(specs[1]).toEqual({ name: 'f1', inputSchema: { json: open } });
    expect(warnings).toEqual(['strict was left out of the tools "f1", "f2": no grammar holds an open map']);
    expect(ignored).toEqual([]);
  });

  test.each<[string, JsonObject[], string]>([
    [
      'optional parameters',
      [optional(13), optional(12)],
      'strict was left out of the tools: 25 of their parameters are optional, 24 may be',
    ],
    [
      'parameters of several types',
      [required(9, { type: ['string', 'null'] }), required(8, { anyOf: [text] })],
      'strict was left out of the tools: 17 of their parameters have several types, 16 may have',
    ],
    ['tools', Array(21).fill(required(1)), 'strict was left out of the tools: 21 are strict, 20 may be'],
  ])('all lose it that have too many %s together', (_what, schemas, warning) => {
    const { strict, warnings, ignored } = fitted(schemas);
    expect(strict).not.toContain(true);
    expect(warnings).toEqual([warning]);
    expect(ignored).toEqual(['tools.strict']);
  });

  test('where models have none it is ignored', () => {
    const { specs, warnings, ignored } = fitted([optional(30)], able({ strictTools: false }));
    expect(specs[0]).toEqual({ name: 'f0', inputSchema: { json: optional(30) } });
    expect([warnings, ignored]).toEqual([[], ['tools.strict']]);
  });
});
