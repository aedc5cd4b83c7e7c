import { expect, test } from 'vitest';
import { chainFor, maxChain } from '../../../lambda/policy/chains.ts';

const settings = {
  default: ['haiku', 'nova'],
  models: { fast: ['nova-lite'], alone: [] },
  onContextOverflow: true,
  onContentFilter: false,
};

test.each<[string, [string, ...string[]], string[] | undefined, string[]]>([
  ['the default chain', ['opus'], undefined, ['opus', 'haiku', 'nova']],
  ['the chain of the name as asked', ['fast', 'haiku'], undefined, ['fast', 'nova-lite']],
  ['the chain of the name behind an alias', ['quick', 'fast'], undefined, ['quick', 'nova-lite']],
  ['a model whose chain is empty', ['alone'], undefined, ['alone']],
  ['the request’s own before any setting', ['fast'], ['opus'], ['fast', 'opus']],
  ['an empty list of the request', ['opus'], [], ['opus']],
  ['each model once', ['haiku'], ['haiku', 'opus', 'opus'], ['haiku', 'opus']],
  ['the model under another name is not tried again', ['quick', 'haiku'], undefined, ['quick', 'nova']],
  ['a name that objects have', ['constructor'], undefined, ['constructor', 'haiku', 'nova']],
])('%s', (_, names, requested, expected) => {
  expect(chainFor({ names, requested, settings })).toEqual(expected);
});

test('a chain is bounded', () => {
  const requested = Array.from({ length: 100 }, (_, i) => `m${i}`);
  expect(chainFor({ names: ['opus'], requested, settings })).toHaveLength(maxChain);
});
