import { describe, expect, test } from 'vitest';
import { checkFormats, chooseFormat, rawFormat } from '../../../../lambda/backends/invoke/choose-format.ts';
import { findFormat } from '../../../../lambda/backends/invoke/formats.ts';
import { ConfigError } from '../../../../lambda/config.ts';

const arn = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/a1b2c3d4e5f6';
const before = Date.parse('2025-11-11T23:59:59Z');
const since = Date.parse('2025-11-12T00:00:00Z');

describe('the format of an imported model', () => {
  test.each([
    ['mistral', 'mistral', 'openai-chat'],
    ['MixtralForCausalLM', 'mistral', 'openai-chat'],
    ['qwen2', 'qwen', 'openai-chat'],
    ['Qwen2_5_VLForConditionalGeneration', 'qwen', 'openai-chat'],
    ['qwen3_moe', 'qwen', 'openai-chat'],
    ['LlamaForCausalLM', 'llama', 'openai-chat'],
    ['mllama', 'llama', 'openai-chat'],
    ['llama-2', 'llama/llama2', 'openai-chat'],
    ['llama4', 'llama/llama4', 'openai-chat'],
    ['deepseek', 'deepseek', 'openai-chat'],
    ['gpt_oss', 'openai-chat', 'openai-chat'],
    ['GptOssForCausalLM', 'openai-chat', 'openai-chat'],
    ['T5ForConditionalGeneration', 'bedrock-completion/plain', 'openai-completion/plain'],
    ['gpt_bigcode', 'bedrock-completion/plain', 'openai-completion/plain'],
    ['something_new', 'bedrock-completion/plain', 'openai-chat'],
    ['', 'bedrock-completion/plain', 'openai-chat'],
  ])('%s: %s before 11 November 2025, %s after', (architecture, own, now) => {
    expect(chooseFormat({ arn, architecture, createdAt: before })).toBe(own);
    expect(chooseFormat({ arn, architecture, createdAt: since })).toBe(now);
    for (const format of [own, now]) expect(findFormat(format)).toBeDefined();
  });

  test('of a model that nothing is known of is that of new ones', () => {
    expect(chooseFormat({ arn })).toBe('openai-chat');
  });

  test.each([arn, 'a1b2c3d4e5f6', 'custom.a1b2c3d4e5f6', 'my-model'])('a setting for %s wins', (key) => {
    const model = { arn, name: 'my-model', architecture: 'qwen2', createdAt: since };
    expect(chooseFormat(model, { [key]: 'llama/llama2' })).toBe('llama/llama2');
    expect(chooseFormat(model, { 'another-model': 'llama' })).toBe('openai-chat');
  });
});

test('a setting that names no format stops the start and says what there is', () => {
  expect(() => checkFormats({ [arn]: 'llama/llama3' })).not.toThrow();
  expect(() => checkFormats({ 'my-model': 'gguf' })).toThrow(ConfigError);
  expect(() => checkFormats({ 'my-model': 'gguf' })).toThrow(
    /IMPORTED_MODEL_FORMATS my-model is "gguf".*openai-chat/,
  );
});

test.each([
  ['openai-chat', 'openai-completion/raw'],
  ['llama/llama2', 'llama/raw'],
  ['bedrock-completion/plain', 'bedrock-completion/raw'],
  ['qwen', 'qwen/raw'],
])('a prompt as it is written, for a model of format %s: %s', (format, raw) => {
  expect(rawFormat(format)).toBe(raw);
  expect(findFormat(raw)).toBeDefined();
});
