import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { startStack } from '../support/stack.ts';
import { shots } from './bodies.ts';
import { fire } from './fire.ts';

/**
 * `npm run fuzz -- --seconds 300 --seed 1`: arbitrary bodies against the whole app, on the simulator. Fails
 * with the smallest body that gets a 500, an answer that is none, or no answer.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seed = values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(values.seed);
const stack = await startStack({ env: { LOG_LEVEL: 'error' } });
let fired = 0;
console.log(`seed ${seed}, ${values.seconds} s`);
try {
  await fc.assert(
    fc.asyncProperty(shots, async (shot) => {
      fired += 1;
      const fault = await fire(stack.gateway, stack.apiKey, shot);
      if (fault !== undefined) throw new Error(`${fault}\n${JSON.stringify(stack.logs.at(-1))}`);
    }),
    {
      seed,
      numRuns: 1_000_000_000,
      interruptAfterTimeLimit: Number(values.seconds) * 1000,
      endOnFailure: false,
    },
  );
  console.log(`${fired} bodies, no fault`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stack.close();
}
