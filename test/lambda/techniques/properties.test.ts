import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConverseEvent, JsonObject } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { techniqueNames } from '../../../lambda/settings/techniques.ts';
import { merge } from '../../../lambda/streams/merge.ts';
import type { Source } from '../../../lambda/streams/source.ts';
import { type OptimiseOptions, optimise, optimiseStream } from '../../../lambda/techniques/optimise.ts';
import { requestContext } from '../../support/context.ts';
import { optimising } from '../../support/optimising.ts';
import { failure, type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';
import { itemsOf } from '../../support/sources.ts';

const names = techniqueNames.filter((name) => name !== 'z3' && name !== 'executecode');
const term = fc
  .array(fc.constantFrom(...names, 'none'), { minLength: 1, maxLength: 2 })
  .map((each) => each.join('&'));
const expressions = fc.array(term, { minLength: 1, maxLength: 2 }).map((each) => each.join('|'));

/** What models say: whole, cut off, withheld, nothing, and every kind of failure. */
const sayings: readonly Said[] = [
  'The final answer is 42.',
  'Score: 7',
  '0.5',
  '```js\nx\n```',
  '<thinking>t</thinking><output>[{"question":"q","answer":"a"}]</output>',
  'NONE',
  'one\ntwo lines',
  '',
  { text: 'cut', stop: 'max_tokens' },
  { text: 'withheld', stop: 'guardrail_intervened' },
  { error: 'throttled' },
  { error: 'model_error' },
  { error: 'deadline' },
  { breaks: 'half' },
];

interface Trial {
  expression: string;
  /** Of `sayings`, in turn. */
  script: number[];
  maxCalls: number;
  maxTokens: number;
  concurrency: number;
}
const trials: fc.Arbitrary<Trial> = fc.record({
  expression: expressions,
  script: fc.array(fc.nat(sayings.length - 1), { minLength: 1, maxLength: 8 }),
  maxCalls: fc.integer({ min: 1, max: 60 }),
  maxTokens: fc.constantFrom(1, 45, 1000),
  concurrency: fc.integer({ min: 1, max: 8 }),
});

interface Running {
  options: OptimiseOptions;
  scripted: ReturnType<typeof scriptedEngine>;
  atOnce: () => number;
}

/** undefined: it is refused before anything is called. */
async function begun(trial: Trial, signal = new AbortController().signal): Promise<Running | undefined> {
  let turn = 0;
  let most = 0;
  const scripted = scriptedEngine(async () => {
    const said = sayings[trial.script[turn++ % trial.script.length] ?? 0] as Said;
    most = Math.max(most, scripted.open());
    await Promise.resolve();
    return signal.aborted ? { error: 'aborted', status: 499 } : said;
  });
  const { expression, maxCalls, maxTokens, concurrency } = trial;
  try {
    const options = await optimising(
      {
        optimisation: { technique: expression, max_calls: maxCalls, max_output_tokens: maxTokens },
        env: { OPTIMISATION_MAX_CALLS: '60', OPTIMISATION_CONCURRENCY: String(concurrency) },
        context: requestContext({ deadline: 1_000_000, signal }),
      },
      scripted,
    );
    return { options, scripted, atOnce: () => most };
  } catch (error) {
    // `none` alone asks for nothing.
    if (error instanceof Error && error.message === 'nothing is asked for') return undefined;
    expect(error).toMatchObject({ status: 400, code: 'optimisation_budget_exceeded' });
    expect(scripted.calls).toEqual([]);
    return undefined;
  }
}

/** What holds of every inner call. */
function checkCalls(calls: readonly SeenCall[]): void {
  for (const { request } of calls) {
    const text = JSON.stringify(request.converse);
    expect(text).not.toContain('BEDROCK-SAID-NO');
    const roles = request.converse.messages.map(({ role }) => role);
    expect([roles[0], roles.at(-1)]).toEqual(['user', 'user']);
    expect(roles.filter((role, i) => role === roles[i - 1])).toEqual([]);
  }
}

const statuses = [429, 500, 502, 504];

describe('any expression, whatever its models say', () => {
  test('ends within its budget, leaves no call running, and counts what was used exactly', async () => {
    await fc.assert(
      fc.asyncProperty(trials, async (trial) => {
        const running = await begun(trial);
        if (!running) return;
        const { options, scripted, atOnce } = running;
        try {
          const { answers } = await optimise(options);
          const sum = (of: 'inputTokens' | 'outputTokens') =>
            answers.reduce((total, { usage }) => total + usage[of], 0);
          expect({ input: sum('inputTokens'), output: sum('outputTokens') }).toEqual(scripted.said());
          const account = answers[0]?.optimisation as JsonObject;
          expect(account.calls).toBe(scripted.calls.length);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(statuses).toContain(error.status);
        }
        expect(scripted.open()).toBe(0);
        expect(scripted.calls.length).toBeLessThanOrEqual(trial.maxCalls);
        expect(atOnce()).toBeLessThanOrEqual(trial.concurrency);
        checkCalls(scripted.calls);
      }),
      { numRuns: 300 },
    );
  });

  test('streams the same way: an orderly end with all that was used, or a failure that claims nothing', async () => {
    await fc.assert(
      fc.asyncProperty(trials, async (trial) => {
        const running = await begun(trial);
        if (!running) return;
        const { options, scripted, atOnce } = running;
        const ends = { stops: 0, failed: false, begun: false };
        const used = { input: 0, output: 0 };
        try {
          const { choices, progress } = await optimiseStream(options, true);
          ends.begun = true;
          const lines: Source<ConverseEvent[] | string>[] = [...choices, progress];
          for await (const batch of itemsOf(merge(lines))) {
            if (typeof batch === 'string') continue;
            for (const event of batch) {
              if ('messageStop' in event) ends.stops += 1;
              if (!('metadata' in event)) continue;
              used.input += event.metadata.usage.inputTokens;
              used.output += event.metadata.usage.outputTokens;
            }
          }
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          ends.failed = true;
          expect(statuses).toContain(error.status);
        }
        if (ends.failed) expect(ends.stops).toBeLessThan(options.admitted.choices);
        else {
          expect(ends.stops).toBeGreaterThan(0);
          expect(used).toEqual(scripted.said());
        }
        expect(scripted.open()).toBe(0);
        expect(scripted.calls.length).toBeLessThanOrEqual(trial.maxCalls);
        expect(atOnce()).toBeLessThanOrEqual(trial.concurrency);
        checkCalls(scripted.calls);
      }),
      { numRuns: 300 },
    );
  });

  test('ends when the client leaves: no further call begins', async () => {
    await fc.assert(
      fc.asyncProperty(trials, fc.nat(5), async (trial, after) => {
        const client = new AbortController();
        const running = await begun(trial, client.signal);
        if (!running) return;
        const { options, scripted } = running;
        const work = optimise(options).catch((error: unknown) => error);
        for (let i = 0; i < after; i += 1) await new Promise(setImmediate);
        client.abort(failure('aborted', 499));
        const calls = scripted.calls.length;
        await work;
        expect(scripted.calls.length).toBe(calls);
        expect(scripted.open()).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
