import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runtimeCalls } from '../support/chat.ts';
import { keysFile } from '../support/keys-file.ts';
import { ask, type Said } from '../support/messages.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  account,
  aliases,
  bearer,
  foundationArn,
  haiku,
  hidden,
  keys,
  modelOf,
  novaLite,
  opus,
  type ScopedKey,
  scopes,
} from './scope-account.ts';

/** A key with a scope, in Anthropic's API: on no way and by no name does it reach a model outside, or learn of one. */

let stack: Stack;
beforeAll(async () => {
  const env = {
    AWS_MAX_ATTEMPTS: '3',
    API_KEY_FILE: await keysFile(keys),
    MODEL_ALIASES: JSON.stringify(aliases),
  };
  stack = await startStack({ env, gateway: { clock: quickClock() } });
});
afterAll(() => stack.close());

type Way = (key: string, model: string) => Promise<Said>;

const message = (more: object) => ({
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});
const ways: Record<string, Way> = {
  whole: (key, model) => ask(stack, message({ model }), bearer(key)),
  streamed: (key, model) => ask(stack, message({ model, stream: true }), bearer(key)),
  'by Converse': (key, model) =>
    ask(stack, message({ model }), { ...bearer(key), 'x-gateway-path': 'converse' }),
  'in its own API': (key, model) =>
    ask(stack, message({ model }), { ...bearer(key), 'x-gateway-path': 'native' }),
  counted: (key, model) => ask(stack, message({ model }), bearer(key), '/messages/count_tokens'),
};

const throttled = [{ role: 'user', content: '[[throttle]] Hello there' }];
const besides: Record<string, Way> = {
  fallbacks: (key, model) =>
    ask(stack, message({ model: novaLite, fallbacks: [model], messages: throttled }), bearer(key)),
  models: (key, model) =>
    ask(stack, message({ model: novaLite, models: [model], messages: throttled }), bearer(key)),
  'fallbacks as Anthropic’s clients say them': (key, model) =>
    ask(stack, message({ model: novaLite, fallbacks: [{ model }], messages: throttled }), bearer(key)),
};

/** Names that lead somewhere, in spellings that resolving understands, of this API and of others. */
const real = [
  opus,
  `us.${opus}`,
  `us.${opus}[1m]`,
  `custom:us-west-2:us.${opus}`,
  foundationArn(opus),
  encodeURIComponent(foundationArn(haiku)),
  `arn:aws:bedrock:us-east-1:${account}:inference-profile/us.${haiku}`,
  `bedrock/us.${opus}`,
  `anthropic/${haiku}`,
  'claude-opus-4-1',
  'claude-haiku-4-5',
  'claude-haiku-4-5-20251001',
  'claude-haiku-4-5[1m]',
  ...Object.keys(aliases),
  ...hidden.map(({ names }) => names[0] ?? ''),
];
/** Of them one of each kind. */
const few = [`us.${opus}`, 'claude-haiku-4-5', 'quick', hidden[0]!.arn, 'nova-router', 'custom.a1b2c3d4e5f6'];

function expectWithin({ mayReach }: ScopedKey): void {
  expect(
    runtimeCalls(stack)
      .map(modelOf)
      .filter((model) => !mayReach(model)),
  ).toEqual([]);
}

test('these names lead somewhere: a key with every right calls them', async () => {
  stack.simulator.reset();
  for (const model of real) await ways.whole!('all', model);
  expect(new Set(runtimeCalls(stack).map(modelOf))).toEqual(
    new Set([opus, haiku, ...hidden.map(({ model }) => model)]),
  );
  const operations = new Set(runtimeCalls(stack).map(({ operation }) => operation));
  expect(operations).toContain('InvokeModel');
  expect(operations).toContain('Converse');
});

describe.each(scopes)('the key $name with the scope $scope', (key) => {
  test.each(Object.entries(ways))('reaches nothing outside: %s', async (_, way) => {
    stack.simulator.reset();
    await Promise.all(real.map((model) => way(key.name, model)));
    expectWithin(key);
  });

  test('falls back to nothing outside', async () => {
    stack.simulator.reset();
    for (const way of Object.values(besides)) await Promise.all(few.map((model) => way(key.name, model)));
    expectWithin(key);
  });
});

describe('what a key cannot use does not exist for it', () => {
  const nowhere = ['acme.unheard-of-v1:0', 'team-nothing', 'claude-haiku-9', 'custom.zzzzzzzzzzzz'];
  const outside = [
    haiku,
    `us.${opus}`,
    'quick',
    'team-search',
    'claude-haiku-4-5',
    hidden[0]!.arn,
    'nova-router',
  ];

  test.each(Object.entries(ways))(
    'one answer for what is outside and what is nowhere: %s',
    async (_, way) => {
      const answers = new Set<string>();
      for (const name of [...outside, ...nowhere]) {
        const { status, error } = await way('exact', name);
        answers.add(`${status} ${error?.type} ${error?.message.replaceAll(name, '<name>')}`);
      }
      expect([...answers]).toHaveLength(1);
      expect([...answers][0]).toMatch(/^403 permission_error /);
    },
  );

  test('no answer names anything of the account', async () => {
    const secrets = [account, opus, haiku, ...hidden.flatMap(({ arn, names }) => [arn, ...names])];
    for (const name of ['claude-opus', 'team', 'claude-haiku-4', 'nova', 'acme.opus-v1:0']) {
      for (const way of Object.values(ways)) {
        const { raw, headers } = await way('exact', name);
        const told = `${raw} ${JSON.stringify([...headers])}`;
        expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
      }
    }
  });
});
