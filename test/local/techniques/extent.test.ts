import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../lambda/config.ts';
import { techniqueNames } from '../../../lambda/settings/techniques.ts';
import { loadTechnique } from '../../../lambda/techniques/load.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import { treeOf } from '../../../lambda/techniques/stages.ts';
import { paramsOf, techniques } from '../../../lambda/techniques/table.ts';
import { explainName } from '../../../local/techniques/explain.ts';
import { type Extent, extentOf, renderRange } from '../../../local/techniques/extent.ts';
import { examples, farthest, stubbornServices } from '../../support/farthest.ts';
import { optimising } from '../../support/optimising.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';

interface Run {
  said: Extent;
  calls: number;
  /** Waves of calls, each as large as it can be. */
  depth: number;
}

/** Runs an expression on models that answer in waves: all that are asked, once nobody asks any more. */
async function run(technique: string, say: (call: SeenCall, nth: number) => Said): Promise<Run> {
  const waiting: (() => void)[] = [];
  let depth = 0;
  const scripted = scriptedEngine(async (call, nth) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return say(call, nth);
  });
  const env = { OPTIMISATION_MAX_CALLS: '200', OPTIMISATION_CONCURRENCY: '64' };
  const options = await optimising({ optimisation: technique, env, services: stubbornServices }, scripted);
  const said = extentOf(options.admitted.nodes);
  let isOver = false;
  const work = optimise(options)
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  while (!isOver) {
    for (let i = 0; i < 3; i += 1) await new Promise(setImmediate);
    const wave = waiting.splice(0);
    if (wave.length > 0) depth += 1;
    for (const answer of wave) answer();
  }
  await work;
  return { said, calls: scripted.calls.length, depth };
}

// What is loaded while a wave is counted would be a wave of its own.
beforeAll(() => Promise.all(techniqueNames.map(loadTechnique)));

const fenced = (label: string, text: string) => `\`\`\`${label}\n${text}\n\`\`\``;

describe('how far a technique goes', () => {
  test.each(techniqueNames.filter((name) => name !== 'memory'))(
    '%s makes as many calls as are said, as deep as is said, and no more',
    async (name) => {
      const { said, calls, depth } = await run(name, farthest(name));
      expect({ calls, depth }).toEqual({ calls: said.calls.most, depth: said.depth.most });
    },
  );

  const sayings: Said[] = [
    'The final answer is 42.',
    'Score: 7',
    'one\ntwo',
    fenced('js', 'x'),
    fenced('smt', '(check-sat)'),
    `<output>${JSON.stringify(examples)}</output>`,
    '',
    { text: 'cut', stop: 'max_tokens' },
    { error: 'throttled' },
    { error: 'model_error' },
  ];
  const stage = fc.constantFrom(...techniqueNames, 'none' as const).chain((name) =>
    fc
      .record(
        Object.fromEntries(
          Object.entries(techniques[name].params)
            .filter(([param]) => !['above', 'chunk', 'timeout_ms', 'exploration', 'c'].includes(param))
            .map(([param, { min, max }]) => [param, fc.integer({ min, max: Math.min(max, 4) })]),
        ),
      )
      .map((params) => {
        const said = Object.entries(params).map(([param, value]) => `${param}=${value}`);
        return said.length === 0 ? name : `${name}(${said.join(',')})`;
      }),
  );
  const expressions = fc
    .array(fc.array(stage, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })
    .map((branches) => branches.map((branch) => branch.join('&')).join('|'))
    .filter((expression) => !/^(?:none[&|]?)+$/.test(expression));

  test('no expression goes farther than is said of it, whatever its models say', async () => {
    await fc.assert(
      fc.asyncProperty(
        expressions,
        fc.array(fc.nat(sayings.length - 1), { minLength: 1, maxLength: 8 }),
        async (expression, script) => {
          let turn = 0;
          const played = await run(
            expression,
            () => sayings[script[turn++ % script.length] ?? 0] as Said,
          ).catch((error: { code?: string }) => error.code);
          if (typeof played !== 'object') {
            expect(played).toBe('optimisation_budget_exceeded');
            return;
          }
          const { said, calls, depth } = played;
          expect(calls).toBeLessThanOrEqual(said.calls.most ?? 200);
          expect(depth).toBeLessThanOrEqual(said.depth.most ?? 200);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('docs/optimisation.md', () => {
  const text = readFileSync(new URL('../../../docs/optimisation.md', import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)` \|.*\| ([^|]+) \| ([^|]+) \|$/gm);
  const cells = new Map([...rows].map(([, name = '', calls = '', depth = '']) => [name, { calls, depth }]));

  test.each([...techniqueNames, 'none' as const])('has of %s how deep it goes, and its calls', (name) => {
    const stage = { kind: 'stage', name, params: [] } as const;
    const { calls, depth } = extentOf(treeOf(stage, 1, () => paramsOf(name, {})));
    expect(cells.get(name)?.depth).toBe(renderRange(depth));
    // Alone, or in brackets behind what is certain with any parameters.
    const said = cells.get(name)?.calls ?? '';
    const range = renderRange(calls);
    expect(said === range || said.includes(`(${range}`), `${said} has no ${range}`).toBe(true);
  });
});

describe('a name', () => {
  const config = readConfig({ ENABLE_OPTIMISATION: 'true' });
  test.each([true, false])(
    'that the account has (%s) is a model, whatever it begins with',
    async (isListed) => {
      const { model, technique } = await explainName('leap-7b', config, async (name) => {
        expect(name).toBe('leap-7b');
        return isListed;
      });
      expect({ model, technique: technique?.expression }).toEqual(
        isListed ? { model: 'leap-7b', technique: undefined } : { model: '7b', technique: 'leap' },
      );
    },
  );
});
