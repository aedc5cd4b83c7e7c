import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { isRecursive } from '../../../../lambda/fit/schema/recursive.ts';

const ref = (to: string) => ({ $ref: to });
const chain = (length: number): JsonObject => ({
  properties: { a: ref('#/$defs/n0') },
  $defs: Object.fromEntries(Array.from({ length }, (_, i) => [`n${i}`, ref(`#/$defs/n${i + 1}`)])),
});

test.each<[string, JsonObject, boolean]>([
  ['no references', { type: 'object', properties: {} }, false],
  [
    'a reference to a definition',
    { properties: { a: ref('#/$defs/a') }, $defs: { a: { type: 'null' } } },
    false,
  ],
  ['the root itself', { properties: { next: { anyOf: [ref('#'), { type: 'null' }] } } }, true],
  ['a definition itself', { $defs: { a: { items: ref('#/$defs/a') } } }, true],
  [
    'two definitions each other',
    { definitions: { a: { items: ref('#/definitions/b') }, b: { items: [ref('#/definitions/a')] } } },
    true,
  ],
  ['a definition that is not there', { properties: { a: ref('#/$defs/b') } }, false],
  ['a reference that is no text', { properties: { a: { $ref: { $ref: 5 } } } }, false],
  ['definitions that are none', { $defs: 5, definitions: null }, false],
  ['a long way without a circle', chain(50_000), false],
])('%s', (_what, schema, recursive) => {
  expect(isRecursive(schema)).toBe(recursive);
});
