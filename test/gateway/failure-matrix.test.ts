import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runtimeCalls } from '../support/chat.ts';
import { freePort } from '../support/free-port.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { type Stack, type StackOptions, startStack } from '../support/stack.ts';
import {
  breakageCases,
  type FailureCase,
  failureCases,
  harmless,
  inOnePacket,
  type Place,
  refusedCases,
  stallCases,
} from './failure-cases.ts';
import { checkFailure, figures, request } from './failure-checks.ts';

/**
 * Every way in which Bedrock, its model or the network fails, wherever it may strike, on real sockets: what the
 * client is told, and that nothing is left behind.
 */
let before: Record<string, number>;
test('at the start', () => {
  before = running();
});

const env = { AWS_MAX_ATTEMPTS: '1' };
const impatient = { streamStallMs: 150, socketTimeoutMs: 150 };

// An imported model's own format ends in another way.
const byFrames = breakageCases.filter(({ name }) => name !== 'no messageStop');

matrix('what Bedrock says', failureCases, { env });
matrix('what Bedrock says, in one packet', inOnePacket(failureCases), { env });
matrix('through InvokeModel', byFrames, { env }, 'custom.d4e5f6a7b8c9');
inProcessOnly('timeouts')('silence', () => {
  matrix('of Bedrock', stallCases, { env, gateway: { timeouts: impatient } });
});
matrix('a closed port', refusedCases, { env, runtimeUrl: `http://127.0.0.1:${await freePort()}` });

function matrix(name: string, cases: readonly FailureCase[], options: StackOptions, model?: string): void {
  describe(name, () => {
    let stack: Stack;
    let idle: number;
    beforeAll(async () => {
      stack = await startStack(options);
      // What the name means may have to be asked for, once.
      await (await stack.post('/chat/completions', request('', false, model))).text();
      idle = stack.simulator.openConnections();
      stack.simulator.calls.length = 0;
      stack.logs.length = 0;
    });
    afterAll(() => stack.close());

    const rows = cases.flatMap((each) =>
      Object.entries(each.how).map(([place, how]) => ({ ...each, place: place as Place, how })),
    );
    test.each(rows)('$name, $place', async ({ place, how, told, toldWhole }) => {
      await checkFailure(stack, { place, how, told: (place === 'whole' && toldWhole) || told, model });
      await expect.poll(() => stack.simulator.calls.filter(({ done }) => !done)).toEqual([]);
      // Calls follow one another: a socket is used again or closed, and none piles up.
      expect(stack.simulator.openConnections()).toBeLessThanOrEqual(idle * stack.processes());
    });

    test('each call of a client was one call to Bedrock', () => {
      const upstream = options.runtimeUrl ? 0 : 2 * rows.length;
      // Each further process asks for itself what the name means.
      const calls = stack.processes() === 1 ? stack.simulator.calls : runtimeCalls(stack);
      expect(calls).toHaveLength(upstream);
      expect(stack.logs.filter(({ message }) => message === 'request')).toHaveLength(2 * rows.length);
    });
  });
}

describe('what only looks like a failure', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env });
  });
  afterAll(() => stack.close());

  test.each(harmless)('%s', async (how) => {
    const body = await (await stack.post('/chat/completions', request(how, true))).text();
    expect(body).toContain('"finish_reason":"stop"');
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(body).not.toContain('"error"');
  });
});

describe('afterwards', () => {
  test('no failure was taken for a success', () => {
    console.log(`failure matrix: ${figures.cases} cases, ${figures.falseSuccesses} false successes`);
    expect(figures.cases).toBeGreaterThan(120);
    expect(figures.falseSuccesses).toBe(0);
  });

  test('no socket and no timer is left', async () => {
    await expect.poll(running, { timeout: 15_000 }).toEqual(before);
  });
});

/** What keeps the process alive, counted by kind. */
function running(): Record<string, number> {
  const kinds = ['TCPServerWrap', 'TCPSocketWrap', 'Timeout'];
  const info = process.getActiveResourcesInfo();
  return Object.fromEntries(kinds.map((kind) => [kind, info.filter((each) => each === kind).length]));
}
