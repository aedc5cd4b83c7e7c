import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { shots } from './bodies.ts';
import { fire } from './fire.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => stack.close());

test('no body gets a 500 or an answer that is none (npm run fuzz does this for longer)', async () => {
  await fc.assert(
    fc.asyncProperty(shots, async (shot) => {
      expect(await fire(stack.gateway, stack.apiKey, shot)).toBeUndefined();
    }),
    { seed: 20261121, numRuns: 400 },
  );
});
