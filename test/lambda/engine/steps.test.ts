import { describe, expect, test } from 'vitest';
import type { StepResult } from '../../../lambda/accounting/trace.ts';
import { runSteps, type StepOptions } from '../../../lambda/engine/sequence.ts';
import type { GatewayError, Reason } from '../../../lambda/errors.ts';
import { createCooldown } from '../../../lambda/policy/cooldown.ts';
import type { Step } from '../../../lambda/policy/fallback.ts';
import { everyReason, failed } from '../policy/failures.ts';

const step = (text: string, contextTokens?: number): Step => {
  const [model = '', region = 'us-east-1'] = text.split('@');
  return { model, region, ...(contextTokens && { contextTokens }) };
};

/** What each step ends with, by model or `model@region`: an error or a value. */
async function run(
  steps: Step[],
  outcomes: Record<string, GatewayError | string>,
  options: Partial<StepOptions<string>> = {},
) {
  const results: StepResult[] = [];
  const hasNext: boolean[] = [];
  const result = await runSteps(
    steps,
    async ({ model, region }, next) => {
      hasNext.push(next !== undefined);
      const outcome = outcomes[`${model}@${region}`] ?? outcomes[model] ?? model;
      if (typeof outcome !== 'string') throw outcome;
      return outcome;
    },
    { onContextOverflow: true, results, ...options },
  ).catch((error) => error);
  return { result, hasNext, tried: results.map((each) => `${each.model}@${each.region} ${each.result}`) };
}

describe('which reasons leave a step', () => {
  const leaves: Reason[] = [
    'unsupported',
    'context_overflow',
    'access_denied',
    'model_not_found',
    'end_of_life',
    'throttled',
    'quota_exceeded',
    'not_ready',
    'overloaded',
    'timeout',
    'model_error',
    'connection',
  ];
  test.each(everyReason)('%s', async (reason) => {
    const error = failed(reason);
    const { result } = await run([step('a'), step('b')], { a: error });
    expect(result).toBe(leaves.includes(reason) ? 'b' : error);
  });

  test('a fault of ours ends the chain', async () => {
    const broken = new TypeError('x') as unknown as GatewayError;
    expect((await run([step('a'), step('b')], { a: broken })).result).toMatchObject({ reason: 'internal' });
  });
});

describe('what follows', () => {
  const steps = [step('a'), step('a@us-west-2'), step('b')];

  test('nothing after a success', async () => {
    expect(await run(steps, {})).toEqual({ result: 'a', hasNext: [true], tried: ['a@us-east-1 ok'] });
  });

  test('the next region for what belongs to the region', async () => {
    const { result, tried, hasNext } = await run(steps, { a: failed('throttled') });
    expect(result).toBe('b');
    expect(tried).toEqual(['a@us-east-1 throttled', 'a@us-west-2 throttled', 'b@us-east-1 ok']);
    expect(hasNext).toEqual([true, true, false]);
  });

  test('the next model, and no other region, once the model may have run', async () => {
    const { tried } = await run(steps, { a: failed('connection', { mayHaveRun: true }) });
    expect(tried).toEqual(['a@us-east-1 connection', 'b@us-east-1 ok']);
  });

  test('the next model for what belongs to the model', async () => {
    const { tried } = await run(steps, { a: failed('end_of_life') });
    expect(tried).toEqual(['a@us-east-1 end_of_life', 'b@us-east-1 ok']);
  });

  test('a larger window for a conversation that is too long', async () => {
    const windows = [step('a', 200), step('same', 200), step('unknown'), step('large', 1000)];
    const overflow = failed('context_overflow');
    const { tried } = await run(windows, { a: overflow, unknown: overflow });
    expect(tried).toEqual([
      'a@us-east-1 context_overflow',
      'unknown@us-east-1 context_overflow',
      'large@us-east-1 ok',
    ]);
    const off = await run(windows, { a: overflow }, { onContextOverflow: false });
    expect(off.result).toBe(overflow);
  });

  const isFiltered = (value: string) => value === 'filtered';

  test('another model for a filtered answer, if the setting says so', async () => {
    expect((await run(steps, { a: 'filtered' }, { isFiltered })).tried).toEqual([
      'a@us-east-1 content_filter',
      'b@us-east-1 ok',
    ]);
    expect((await run(steps, { a: 'filtered' })).result).toBe('filtered');
  });

  test('a filtered answer is better than none', async () => {
    expect((await run(steps, { a: 'filtered', b: failed('throttled') }, { isFiltered })).result).toBe(
      'filtered',
    );
    expect((await run(steps, { a: 'filtered', b: 'filtered' }, { isFiltered })).result).toBe('filtered');
  });
});

describe('when all fail', () => {
  const steps = [step('a'), step('b'), step('c')];

  test('429 over 5xx over 4xx, and the message names the steps', async () => {
    const throttled = failed('throttled', { retryAfterMs: 7, code: 'rate_limit_exceeded' });
    const { result } = await run(steps, {
      a: failed('model_not_found'),
      b: throttled,
      c: failed('overloaded'),
    });
    expect(result).toMatchObject({ status: 429, reason: 'throttled', retryAfterMs: 7, cause: throttled });
    expect(result.code).toBe('rate_limit_exceeded');
    expect(result.message).toBe(
      'It was throttled. (Tried a in us-east-1: model_not_found; b in us-east-1: throttled; c in us-east-1: overloaded.)',
    );
    const worse = await run(steps, {
      a: failed('access_denied'),
      b: failed('timeout'),
      c: failed('unsupported'),
    });
    expect(worse.result).toMatchObject({ status: 504 });
  });

  test('of equals the first', async () => {
    const outcomes = { a: failed('model_not_found'), b: failed('end_of_life'), c: failed('access_denied') };
    expect((await run(steps, outcomes)).result).toMatchObject({ reason: 'model_not_found' });
  });

  test('a single step’s error is left as it is', async () => {
    const error = failed('throttled');
    expect((await run([step('a')], { a: error })).result).toBe(error);
  });

  test('the deadline and the client’s leaving are final', async () => {
    const late = failed('deadline');
    expect((await run(steps, { a: failed('throttled'), b: late })).result).toBe(late);
  });

  test('no step at all is a fault of ours', async () => {
    expect((await run([], {})).result).toMatchObject({ reason: 'internal' });
  });
});

describe('cooling', () => {
  const busy = failed('overloaded', { ofModel: true });

  test('a step that has just failed is passed over, and told', async () => {
    const cooldown = createCooldown({ now: () => 0 });
    const steps = [step('a'), step('b')];
    await run(steps, { a: busy }, { cooldown });
    const { result, tried } = await run(steps, {}, { cooldown });
    expect(result).toBe('b');
    expect(tried).toEqual(['a@us-east-1 cooling_down', 'b@us-east-1 ok']);
  });

  test('a step whose request brought the failure upon itself is not', async () => {
    const cooldown = createCooldown({ now: () => 0 });
    const steps = [step('a'), step('b')];
    await run(steps, { a: failed('access_denied') }, { cooldown });
    expect((await run(steps, {}, { cooldown })).result).toBe('a');
  });

  test('if all are cooling all are tried', async () => {
    const cooldown = createCooldown({ now: () => 0 });
    const steps = [step('a'), step('b')];
    await run(steps, { a: busy, b: busy }, { cooldown });
    expect((await run(steps, {}, { cooldown })).tried).toEqual(['a@us-east-1 ok']);
    expect((await run(steps, {}, { cooldown })).tried).toEqual(['a@us-east-1 ok']);
  });

  test.each(['unsupported', 'context_overflow', 'bad_request', 'model_not_found'] as const)(
    'one that is passed over is tried after all where the others cannot take the request: %s',
    async (reason) => {
      const cooldown = createCooldown({ now: () => 0 });
      const steps = [step('a'), step('b')];
      await run(steps, { a: busy }, { cooldown });
      const { result, tried } = await run(steps, { b: failed(reason) }, { cooldown });
      expect(result).toBe('a');
      expect(tried).toEqual(['a@us-east-1 cooling_down', `b@us-east-1 ${reason}`, 'a@us-east-1 ok']);
      await run(steps, { a: busy }, { cooldown });
      const second = await run(steps, { a: failed('overloaded'), b: failed(reason) }, { cooldown });
      expect(second.result).toMatchObject({ reason: 'overloaded' });
    },
  );

  test('one that is passed over stays so where another only has no time, and where the request is at fault', async () => {
    const cooldown = createCooldown({ now: () => 0 });
    const steps = [step('a'), step('b')];
    await run(steps, { a: busy }, { cooldown });
    expect((await run(steps, { b: failed('throttled') }, { cooldown })).tried).toEqual([
      'a@us-east-1 cooling_down',
      'b@us-east-1 throttled',
    ]);
    const behind = [step('c'), step('a')];
    expect((await run(behind, { c: failed('bad_request') }, { cooldown })).tried).toEqual([
      'c@us-east-1 bad_request',
    ]);
    const regions = [step('a@us-west-2'), step('a')];
    expect((await run(regions, { 'a@us-west-2': failed('unsupported') }, { cooldown })).tried).toEqual([
      'a@us-west-2 unsupported',
    ]);
  });

  test('a chain of one step is never passed over', async () => {
    const cooldown = createCooldown({ now: () => 0 });
    await run([step('a')], { a: busy }, { cooldown });
    expect((await run([step('a')], {}, { cooldown })).result).toBe('a');
  });
});
