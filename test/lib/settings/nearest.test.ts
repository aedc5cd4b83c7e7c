import { expect, it } from 'vitest';
import { nearest } from '../../../lib/settings/nearest.ts';

const names = ['memorySize', 'logLevel', 'logContent', 'aliases'];

it.each([
  ['memorysize', 'memorySize'],
  ['memorySzie', 'memorySize'],
  ['memory', 'memorySize'],
  ['log', 'logLevel'],
  ['lo', undefined],
  ['log_level', 'logLevel'],
  ['alias', 'aliases'],
  ['guardrail', undefined],
  ['', undefined],
])('%j is nearest to %j', (name, expected) => {
  expect(nearest(name, names)).toBe(expected);
});
