import { describe, expect, test } from 'vitest';
import { baseModelId, geographyOf, parseArn } from '../../../../lambda/models/names/model-id.ts';

describe('baseModelId', () => {
  test.each([
    ['amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
    ['us.amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
    ['apac.anthropic.claude-sonnet-4-20250514-v1:0', 'anthropic.claude-sonnet-4-20250514-v1:0'],
    ['us-gov.anthropic.claude-3-haiku-20240307-v1:0', 'anthropic.claude-3-haiku-20240307-v1:0'],
    ['global.anthropic.claude-opus-4-8', 'anthropic.claude-opus-4-8'],
    ['jp.anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5'],
    ['xx.anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5'],
    ['us.openai.gpt-5.6-sol', 'openai.gpt-5.6-sol'],
    ['deepseek.v3.2', 'deepseek.v3.2'],
    ['us.deepseek.r1-v1:0', 'deepseek.r1-v1:0'],
    ['zai.glm-4.7', 'zai.glm-4.7'],
    ['xai.grok-4.6', 'xai.grok-4.6'],
    ['us.anthropic.claude-3-5-sonnet-20240620-v1:0:51k', 'anthropic.claude-3-5-sonnet-20240620-v1:0'],
    ['amazon.nova-canvas-v1:0:mm', 'amazon.nova-canvas-v1:0'],
    ['cohere.embed-english-v3:0:512', 'cohere.embed-english-v3:0'],
    ['cohere.command-text-v14:7:4k', 'cohere.command-text-v14:7'],
    ['mistral.mistral-7b-instruct-v0:2', 'mistral.mistral-7b-instruct-v0:2'],
    [
      'arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-8b-instruct-v1:0',
      'meta.llama3-8b-instruct-v1:0',
    ],
    [
      'arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
    ['ARN:AWS:BEDROCK:us-east-1::foundation-model/Amazon.Nova-Lite-v1:0', 'amazon.nova-lite-v1:0'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl',
      'amazon.nova-lite-v1:0',
    ],
    ['arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123', 'abc123'],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr', '1arbu5hu2sjr'],
    ['arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1', 'anthropic.claude:1'],
    ['gpt-4o', 'gpt-4o'],
    ['', ''],
  ])('%s', (id, base) => expect(baseModelId(id)).toBe(base));
});

describe('geographyOf', () => {
  test.each([
    ['us.amazon.nova-pro-v1:0', 'us'],
    ['US-GOV.anthropic.claude-3-haiku-20240307-v1:0', 'us-gov'],
    ['global.anthropic.claude-opus-4-8', 'global'],
    ['arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0', 'eu'],
    ['anthropic.claude-opus-4-8', undefined],
    ['deepseek.v3.2', undefined],
    ['xai.grok-4.6', undefined],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr', undefined],
  ])('%s', (id, geography) => expect(geographyOf(id)).toBe(geography));
});

test('parseArn keeps every part', () => {
  expect(parseArn('arn:aws-cn:bedrock:cn-north-1:123456789012:imported-model/abcdefghijkl')).toEqual({
    partition: 'aws-cn',
    service: 'bedrock',
    region: 'cn-north-1',
    account: '123456789012',
    resource: 'imported-model',
    id: 'abcdefghijkl',
  });
  expect(parseArn('arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint')?.resource).toBe(
    'endpoint',
  );
  expect(parseArn('anthropic.claude-v2')).toBeUndefined();
});
