import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../lambda/errors.ts';
import { decodeName, parseName } from '../../../../lambda/models/names/parse.ts';

const kindOf = (name: string) => {
  try {
    return parseName(decodeName(name)).kind;
  } catch (error) {
    if (error instanceof GatewayError) return error.status;
    throw error;
  }
};

describe('parseName', () => {
  test.each([
    ['amazon.nova-lite-v1:0', 'foundation'],
    ['zai.glm-4.7', 'foundation'],
    ['deepseek.v3.2', 'foundation'],
    ['ai21.jamba-1-5-mini-v1:0', 'foundation'],
    ['us.deepseek.r1-v1:0', 'profile'],
    ['us-gov.anthropic.claude-3-haiku-20240307-v1:0', 'profile'],
    ['gpt-4.1', 'friendly'],
    ['gpt-3.5-turbo', 'friendly'],
    ['qwen2.5-coder', 'friendly'],
    ['claude-sonnet-4.5', 'friendly'],
    ['gpt-4o', 'friendly'],
    ['customer-support', 'friendly'],
    ['custom.a1b2', 'custom'],
    ['x-id:custom.a1b2', 'custom'],
    ['custom:us-east-1:x', 'regional'],
    ['bedrock/us.amazon.nova-lite-v1:0', 'prefixed'],
    ['Bedrock/converse/amazon.nova-lite-v1:0', 'prefixed'],
    ['bedrock/llama/arn:aws:bedrock:us-east-1:123456789012:imported-model/x', 'prefixed'],
    ['aws/gpt-4o', 'prefixed'],
    ['amazon-bedrock/anthropic/claude-sonnet-4.5', 'prefixed'],
    ['anthropic/us.anthropic.claude-haiku-4-5', 'prefixed'],
    ['bedrock/us-west-2/amazon.nova-lite-v1:0', 'regional'],
    ['bedrock/invoke/us-west-2/amazon.nova-lite-v1:0', 'regional'],
    ['bedrock/us-west-2/custom:us-west-2:amazon.nova-lite-v1:0', 400],
    ['bedrock/us-west-2/', 'friendly'],
    ['bedrock/', 'friendly'],
    ['bedrock', 'friendly'],
    ['bedrock/aws/x', 'friendly'],
    ['/bedrock/x', 'friendly'],
    ['amazon/us.anthropic.claude-haiku-4-5', 'friendly'],
    ['anthropic/claude-sonnet-4-5', 'friendly'],
    ['openrouter/x', 'friendly'],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0', 'arn'],
    ['arn:aws:bedrock:us-east-1::foundation-model/x', 400],
    ['custom:x:y', 400],
    ['custom.', 400],
    ['arn:', 400],
    ['', 400],
  ])('%s: %s', (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });

  test('any text is either read or refused with a 400 that names the parameter', () => {
    const pieces = fc.constantFrom(
      'custom',
      'bedrock/',
      'converse/',
      'anthropic',
      ':',
      '.',
      'arn',
      'us-east-1',
      '%',
      '%25',
      '3A',
      '-id:',
      '/',
      'é',
      ' ',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (name) => {
        try {
          parseName(decodeName(name));
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          expect(error).toMatchObject({ status: 400, param: 'model' });
        }
      }),
    );
  });

  test('encoding a name once changes nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][\w.:/-]{0,60}$/), (name) => {
        expect(decodeName(encodeURIComponent(name))).toBe(name);
      }),
    );
  });

  test('a hostile name does not take long', () => {
    expect(kindOf(`custom:${'a-'.repeat(1000)}`)).toBe(400);
    expect(kindOf(`${'-id:'.repeat(500)}x`)).toBe('friendly');
    expect(kindOf('bedrock/'.repeat(255))).toBe('friendly');
  });
});
