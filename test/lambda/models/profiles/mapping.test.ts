import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../../lambda/config.ts';
import { checkModelSettings } from '../../../../lambda/models/resolve/check-settings.ts';

const profile = (id: string) => `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${id}`;
const check = (env: Record<string, unknown>) => () =>
  checkModelSettings(
    readConfig(
      Object.fromEntries(
        Object.entries(env).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ),
    ),
  );

describe('profile mappings at start-up', () => {
  const mappings = (value: Record<string, string>) => check({ BEDROCK_INFERENCE_PROFILE_MAPPINGS: value });

  test.each([
    ['a model id', { [profile('a')]: 'amazon.nova-lite-v1:0' }],
    ['an unknown model', { [profile('a')]: 'acme.foo' }],
    ['a chain', { [profile('a')]: profile('b'), [profile('b')]: 'us.amazon.nova-lite-v1:0' }],
    [
      'a system profile',
      { [profile('a')]: 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x.y' },
    ],
  ])('%s is fine', (_, value) => {
    expect(mappings(value)).not.toThrow();
  });

  test.each([
    ['to itself', { [profile('a')]: profile('a') }, profile('a')],
    ['in a circle', { [profile('a')]: profile('b'), [profile('b')]: profile('a') }, profile('a')],
    [
      'into a circle',
      { [profile('a')]: profile('b'), [profile('b')]: profile('c'), [profile('c')]: profile('b') },
      profile('a'),
    ],
    ['to a profile that is not mapped', { [profile('a')]: profile('b') }, profile('b')],
    ['to something that is no model', { [profile('a')]: 'arn:aws:s3:::bucket/key' }, 's3'],
    ['to words', { [profile('a')]: 'my favourite model' }, profile('a')],
    ['from a model id', { 'amazon.nova-lite-v1:0': 'amazon.nova-lite-v1:0' }, 'amazon.nova-lite-v1:0'],
    ['from a broken ARN', { 'arn:aws:bedrock': 'amazon.nova-lite-v1:0' }, 'arn:aws:bedrock'],
  ])('%s is refused', (_, value, named) => {
    expect(mappings(value)).toThrow(/^BEDROCK_INFERENCE_PROFILE_MAPPINGS: /);
    expect(mappings(value)).toThrow(named);
  });
});

describe('names in settings at start-up', () => {
  test.each([
    [{ MODEL_ALIASES: { a: 'b', b: 'a' } }, /MODEL_ALIASES: "a" leads back to itself/],
    [{ MODEL_ALIASES: { a: 'a' } }, /leads back to itself/],
    [{ MODEL_ALIASES: { 'a*b': 'c' } }, /"a\*b" has a \* before its end/],
    [{ MODEL_ALIASES: { a: 'custom:nowhere:x' } }, /MODEL_ALIASES: .*`nowhere` is not an AWS region/],
    [{ RETIRED_MODELS: { a: 'b', b: 'a' } }, /RETIRED_MODELS: "a" leads back to itself/],
    [{ DEFAULT_MODEL: 'arn:aws:s3:::x' }, /DEFAULT_MODEL: /],
  ])('%j is refused', (env, message) => {
    expect(check(env)).toThrow(message);
  });

  test.each([
    { MODEL_ALIASES: { 'claude-*': 'claude-next', '*': 'amazon.nova-lite-v1:0' } },
    { MODEL_ALIASES: { a: 'b', b: { model: 'amazon.nova-lite-v1:0' } }, RETIRED_MODELS: { a: 'b', b: 'c' } },
  ])('%j is fine', (env) => {
    expect(check(env)).not.toThrow();
  });
});
