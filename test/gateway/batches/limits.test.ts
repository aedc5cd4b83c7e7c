import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  asker,
  batchKeys,
  batchOf,
  chatFile,
  jobCalls,
  message,
  startBatchStack,
} from '../../support/batches.ts';
import { limitsTable } from '../../support/limited.ts';
import type { Stack } from '../../support/stack.ts';

/** A batch of a key with limits of rate. */

let stack: Stack;
beforeAll(async () => {
  stack = await startBatchStack({
    simulator: { tables: [limitsTable] },
    env: { LIMITS_TABLE: limitsTable },
  });
});
afterAll(() => stack.close());

test('is one request of it, by either API: what is beyond is refused, and no job is made', async () => {
  const limited = asker(stack, batchKeys.limited);
  const requests = Array.from({ length: 100 }, (_, i) => message(i));
  const makes = {
    openai: () => batchOf(limited, chatFile(100)),
    anthropic: () => limited('POST', '/messages/batches', { requests }),
  };
  let made = 0;
  for (const make of Object.values(makes)) {
    // However minutes fall, of three within seconds one at least is too many.
    const answers = [await make(), await make(), await make()];
    const refused = answers.filter(({ status }) => status === 429);
    made += answers.filter(({ status }) => status === 200).length;
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const { json, headers } of refused) {
      expect(JSON.stringify(json)).toContain('this API key may make 1 requests a minute');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
  expect(made).toBeGreaterThanOrEqual(1);
  expect(jobCalls(stack)).toHaveLength(made);
});
