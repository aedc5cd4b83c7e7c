import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../lambda/auth/principal.ts';
import { readConfig } from '../../../lambda/config.ts';
import { renderExpression, stagesOf } from '../../../lambda/techniques/expression.ts';
import { mayAsk } from '../../../lambda/techniques/recognise.ts';
import { select } from '../../../lambda/techniques/select.ts';

const nova = 'amazon.nova-lite-v1:0';
const arn =
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0';

interface Setup {
  env?: Record<string, string>;
  principal?: Partial<Principal>;
  listed?: string[];
}

const aliases = {
  'bon-jour': nova,
  thinker: `bon-${nova}`,
  'leap-*': nova,
  'm*': nova,
  'bon-round': 'bon-about',
  'bon-about': 'bon-round',
};

async function ask(body: Record<string, unknown>, { env, principal, listed = [] }: Setup = {}) {
  const settings = readConfig({
    ENABLE_OPTIMISATION: 'true',
    MODEL_ALIASES: JSON.stringify(aliases),
    ...env,
  });
  const selected = await select(body, {
    settings,
    principal: { name: 'test', ...principal },
    isListed: async (name) => listed.includes(name),
  });
  const { selection } = selected;
  return { ...selected, technique: selection && renderExpression(selection.expression) };
}

describe('what a request asks for', () => {
  test.each([
    [nova, nova, undefined],
    [`bon-${nova}`, nova, 'bon'],
    [`re2 & bon(n=2)-${nova}`, nova, 're2&bon(n=2)'],
    [`re2%26bon-${nova}`, nova, 're2&bon'],
    [`(re2|bon)&moa-${nova}`, nova, '(re2|bon)&moa'],
    [`re2-${arn}`, arn, 're2'],
    [`re2-custom:us-west-2:${nova}`, `custom:us-west-2:${nova}`, 're2'],
    [`none-${nova}`, nova, undefined],
    [`MOA-${nova}`, `MOA-${nova}`, undefined],
    [`foo-${nova}`, `foo-${nova}`, undefined],
    [arn, arn, undefined],
    ['bon-jour', 'bon-jour', undefined],
    ['thinker', 'thinker', 'bon'],
    ['moa-thinker', 'thinker', 'moa'],
    ['bon-bon-jour', 'bon-jour', 'bon'],
    // A pattern that holds the head and its hyphen is the alias of the whole; a shorter one is not.
    ['leap-frog', 'leap-frog', undefined],
    [`moa-${nova}`, nova, 'moa'],
    ['gpt-4o', 'gpt-4o', undefined],
    // Aliases of one another lead nowhere, and to no technique.
    ['bon-round', 'bon-round', undefined],
  ])('%s is the model %s with %s', async (model, rest, technique) => {
    const asked = await ask({ model });
    expect([asked.body.model, asked.technique]).toEqual([rest, technique]);
  });

  test.each([
    [{ optimisation: 'bon' }, 'bon'],
    [{ optimisation: { technique: 'bon', params: { bon: { n: 5 } } } }, 'bon'],
    [{ optillm_approach: 'bon' }, 'bon'],
    [{ extra_body: { optillm_approach: 'bon', other: 1 } }, 'bon'],
    [{ optillm_approach: 'auto' }, undefined],
    [{ optimisation: null, optillm_approach: null }, undefined],
    [{ optimisation: 're2 & bon', optillm_approach: 're2&bon' }, 're2&bon'],
    [{ optimisation: 'none' }, undefined],
  ])('%j asks for %s, and nothing of it stays in the body', async (members, technique) => {
    const { body, technique: asked } = await ask({ model: nova, messages: [], ...members });
    expect(asked).toBe(technique);
    expect(JSON.stringify(body)).not.toMatch(/optimisation|optillm|mcts/);
  });

  test('the body goes before the name, whose prefix is taken off all the same', async () => {
    expect(await ask({ model: `moa-${nova}`, optimisation: 'bon' })).toMatchObject({
      body: { model: nova },
      technique: 'bon',
    });
  });

  test('a model of the account is a model, whatever its name begins with', async () => {
    expect(await ask({ model: 'bon-7b' }, { listed: ['bon-7b'] })).toMatchObject({
      body: { model: 'bon-7b' },
    });
    expect(await ask({ model: 'bon-7b' })).toMatchObject({ body: { model: '7b' }, technique: 'bon' });
    expect(await ask({ model: 'moa-bon-7b' }, { listed: ['bon-7b'] })).toMatchObject({
      body: { model: 'bon-7b' },
      technique: 'moa',
    });
  });

  test('parameters: the expression goes before params, and OptiLLM’s own count for mcts', async () => {
    const { selection } = await ask({
      model: nova,
      optimisation: { technique: 'bon(n=2)|bon|mcts', params: { bon: { n: 5 } } },
      mcts_simulations: 7,
    });
    const params = selection && stagesOf(selection.expression).map((stage) => selection.paramsOf(stage));
    expect(params).toEqual([{ n: 2 }, { n: 5 }, { n: 3, simulations: 7, depth: 1, exploration: 0.2 }]);
  });

  test('a step or a role has one model or several', async () => {
    const models = { 'moa/sample': ['a', 'b'], rate: 'c' };
    const { selection } = await ask({ model: nova, optimisation: { technique: 'moa', models } });
    expect(selection && Object.fromEntries(selection.models)).toEqual({
      'moa/sample': ['a', 'b'],
      rate: ['c'],
    });
  });

  test('OptiLLM’s parameters of mcts have no effect elsewhere, and are named', async () => {
    expect((await ask({ model: `bon-${nova}`, mcts_depth: 2 })).ignored).toEqual(['mcts_depth']);
  });

  test('the least of the limits holds', async () => {
    const most = async (max_calls: number, maxCalls?: number) =>
      (
        await ask(
          { model: nova, optimisation: { technique: 'bon', max_calls } },
          {
            env: { OPTIMISATION_MAX_CALLS: '20' },
            principal: { optimisation: { maxCalls } as { maxCalls: number } },
          },
        )
      ).selection?.maxCalls;
    expect([await most(100), await most(4), await most(100, 6)]).toEqual([20, 4, 6]);
  });
});

const off = { ENABLE_OPTIMISATION: 'false' };
describe('what is refused', () => {
  test.each([
    [{ model: `foo&bon-${nova}` }, {}, 400, 'unknown_technique', 'model', /foo.*moa/],
    [{ model: nova, optillm_approach: 'fancy' }, {}, 400, 'unknown_technique', 'optillm_approach', /fancy/],
    [{ model: `(bon|moa-${nova}` }, {}, 400, 'invalid_technique', 'model', /not closed/],
    [{ model: `bon(n=2-${nova}` }, {}, 400, 'invalid_technique', 'model', /not closed|name=number/],
    [{ model: `bon-moa-${nova}` }, {}, 400, 'invalid_technique', 'model', /bon&moa-.*bon\|moa-/],
    [{ model: 'bon-' }, {}, 400, 'invalid_technique', 'model', /missing/],
    [{ model: nova, optimisation: 7 }, {}, 400, null, 'optimisation', /object/],
    [{ model: nova, optimisation: { technique: 'bon', n: 2 } }, {}, 400, null, 'optimisation.n', /max_calls/],
    [
      { model: nova, optimisation: { technique: 'bon', params: { bon: { n: 9 } } } },
      {},
      400,
      null,
      'optimisation.params.bon.n',
      /1 to 8/,
    ],
    [
      { model: nova, optimisation: { technique: 'bon', params: { bon: { n: 2.5 } } } },
      {},
      400,
      null,
      'optimisation.params.bon.n',
      /whole/,
    ],
    [{ model: `bon(m=2)-${nova}` }, {}, 400, null, 'model', /\bm\b.*n \(1 to 8\)/],
    [
      { model: nova, optimisation: { technique: 'bon', models: { rate: [] } } },
      {},
      400,
      null,
      'optimisation.models.rate',
      /model/,
    ],
    [
      { model: nova, optimisation: { technique: 'bon', max_calls: 0 } },
      {},
      400,
      null,
      'optimisation.max_calls',
      /at least 1/,
    ],
    [
      { model: nova, optimisation: 'bon', optillm_approach: 'moa' },
      {},
      400,
      null,
      'optimisation',
      /optillm_approach/,
    ],
    [{ model: nova, optimisation: { technique: 7 } }, {}, 400, null, 'optimisation', /must be a text/],
    [{ model: nova, optillm_approach: ['bon'] }, {}, 400, null, 'optillm_approach', /must be a text/],
    [{ model: nova, optimisation: 're2&'.repeat(126) }, {}, 400, null, 'optimisation', /at most 500/],
    [{ model: nova, mcts_depth: '2' }, {}, 400, null, 'mcts_depth', /a number/],
    ...(
      [
        ['params', 7, 'params', /an object/],
        ['params', { fancy: { n: 2 } }, 'params.fancy', /no technique `fancy`/],
        ['params', { bon: 3 }, 'params.bon', /an object/],
        ['params', { bon: { n: '3' } }, 'params.bon.n', /a number/],
        ['models', 'amazon.nova-lite-v1:0', 'models', /an object/],
        ['models', { raet: nova }, 'models.raet', /nothing called "raet"/],
        ['models', { 'bon/raet': nova }, 'models.bon/raet', /the steps of bon are sample, rate/],
        ['models', { 'bno/rate': nova }, 'models.bno/rate', /no technique has this step/],
        ['models', { 'bon/rate/x': nova }, 'models.bon/rate/x', /the steps of bon are sample, rate/],
        ['models', { 'bon/': nova }, 'models.bon/', /the steps of bon/],
        ['models', { constructor: nova }, 'models.constructor', /nothing called/],
        ['models', { rate: 7 }, 'models.rate', /name of a model/],
        ['models', { rate: '' }, 'models.rate', /name of a model/],
        ['models', { rate: [nova, null] }, 'models.rate', /name of a model/],
        ['models', { rate: Array(33).fill(nova) }, 'models', /at most 32/],
        ['max_calls', '3', 'max_calls', /a number/],
        ['max_output_tokens', 1.5, 'max_output_tokens', /whole number/],
      ] as const
    ).map(([member, value, at, message]) => [
      { model: nova, optimisation: { technique: 'bon', [member]: value } },
      {},
      400,
      null,
      `optimisation.${at}`,
      message,
    ]),
    [{ model: `bon-${nova}` }, { env: off }, 400, 'technique_not_enabled', 'model', /ENABLE_OPTIMISATION/],
    [
      { model: `pvg-${nova}` },
      { env: { OPTIMISATION_TECHNIQUES: 'bon' } },
      400,
      'technique_not_enabled',
      'model',
      /OPTIMISATION_TECHNIQUES/,
    ],
    [
      { model: `executecode-${nova}` },
      { env: { EXECUTECODE_ENGINE: 'off' } },
      400,
      'technique_not_enabled',
      'model',
      /EXECUTECODE_ENGINE/,
    ],
    [
      { model: `re2-${nova}` },
      { principal: { optimisation: false } },
      403,
      'technique_not_allowed',
      'model',
      /re2/,
    ],
    [
      { model: `re2&moa-${nova}` },
      { principal: { optimisation: { techniques: ['re2'] } } },
      403,
      'technique_not_allowed',
      'model',
      /moa/,
    ],
  ] as [Record<string, unknown>, Setup, number, string | null, string, RegExp][])(
    '%j with %j',
    async (body, setup, status, code, param, message) => {
      await expect(ask(body, setup)).rejects.toMatchObject({ status, code, param });
      await expect(ask(body, setup)).rejects.toThrow(message);
    },
  );
});

test('nothing more is looked at for a request that asks for none', () => {
  expect(
    mayAsk(
      { model: nova, messages: [{ role: 'user', content: '<optillm_approach>moa</optillm_approach>' }] },
      aliases,
    ),
  ).toBe(false);
  expect(mayAsk({ model: 'gpt-4o' }, aliases)).toBe(false);
  expect(mayAsk({ model: 7 }, aliases)).toBe(false);
  expect(mayAsk({ model: 'thinker' }, aliases)).toBe(true);
});
