import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Queue } from '../../../lambda/sandbox/queue.ts';

const { signal } = new AbortController();
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('jobs in a queue', () => {
  test('never more at once than it says, whatever fails or leaves, and all who stay have their turn', async () => {
    const job = fc.record({
      turns: fc.nat(3),
      fails: fc.boolean(),
      leavesAfter: fc.option(fc.nat(6), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(job, { maxLength: 12 }),
        async (most, jobs) => {
          const queue = new Queue(most);
          let running = 0;
          const ran: number[] = [];
          const results = jobs.map(async ({ turns, fails, leavesAfter }, i) => {
            const controller = new AbortController();
            if (leavesAfter !== undefined) {
              (async () => {
                for (let n = 0; n < leavesAfter; n += 1) await turn();
                controller.abort('left');
              })();
            }
            const run = async () => {
              running += 1;
              expect(running).toBeLessThanOrEqual(most);
              ran.push(i);
              for (let n = 0; n < turns; n += 1) await turn();
              running -= 1;
              if (fails) throw 'failed';
              return i;
            };
            return queue.run(run, controller.signal);
          });
          const settled = await Promise.allSettled(results);
          settled.forEach((result, i) => {
            if (result.status === 'fulfilled') expect(result.value).toBe(i);
            else expect(result.reason).toBe(ran.includes(i) ? 'failed' : 'left');
          });
          // Who comes first goes first.
          expect(ran).toEqual(ran.toSorted((a, b) => a - b));
          // Its places are all free again.
          const again = Array.from({ length: most }, () => queue.run(async () => {}, signal));
          await Promise.all(again);
          expect(running).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
