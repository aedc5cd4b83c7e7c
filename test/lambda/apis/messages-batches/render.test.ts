import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageBatch, requestCounts } from '../../../../lambda/apis/messages-batches/render.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import type { BatchState } from '../../../../lambda/batches/stored.ts';
import { type Job, jobStatuses } from '../../../../lambda/bedrock/invocation-jobs.ts';

const jobs = fc.array(
  fc
    .record({
      count: fc.integer({ min: 100, max: 500 }),
      status: fc.constantFrom(...jobStatuses),
      a: fc.nat(100),
      b: fc.nat(100),
    })
    .map(({ count, status, a, b }) => {
      const [succeeded, failed] = [Math.min(a, count), Math.min(b, Math.max(0, count - a))];
      return { count, job: { status, submittedAt: 1, modifiedAt: 2, succeeded, failed } satisfies Job };
    }),
  { minLength: 1, maxLength: 8 },
);

const stateOf = (all: readonly { count: number; job: Job }[]): BatchState => ({
  owner: 'o',
  batch: {
    kind: 'anthropic',
    stem: '00'.repeat(14),
    endpoint: '/v1/messages',
    createdAt: 1,
    jobs: all.map(({ count }) => ({ arn: 'a/b', type: 'Converse', count, target: {} as never })),
  },
  jobs: all.map(({ job }) => job),
});

test('every request of a batch is counted once, whatever its jobs have come to', () => {
  fc.assert(
    fc.property(jobs, (all) => {
      const state = stateOf(all);
      const counts = requestCounts(state);
      const total = all.reduce((sum, { count }) => sum + count, 0);
      expect(Object.values(counts).reduce((sum, each) => sum + each, 0)).toBe(total);
      const { processing_status, results_url, ended_at } = messageBatch(
        state,
        deriveStateKey('k'),
        (id) => `x/${id}`,
      );
      const ended = processing_status === 'ended';
      expect([results_url !== null, ended_at !== null, counts.processing === 0]).toEqual([
        ended,
        ended,
        ended,
      ]);
    }),
  );
});
