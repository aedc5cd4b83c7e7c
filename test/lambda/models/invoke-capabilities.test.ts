import { describe, expect, test } from 'vitest';
import { invokeCapabilities } from '../../../lambda/models/invoke-capabilities.ts';

describe('the capabilities of an imported model', () => {
  test('tools for gpt-oss alone, and for what is not known', () => {
    expect(invokeCapabilities('openai-chat')).toMatchObject({ tools: true, image: true });
    expect(invokeCapabilities('openai-chat', 'GptOssForCausalLM')).toMatchObject({
      tools: true,
      reasoning: { kind: 'effort' },
    });
    expect(invokeCapabilities('openai-chat', 'qwen2')).toMatchObject({
      tools: false,
      image: true,
      reasoning: { kind: 'none' },
    });
  });

  test('a prompt carries texts only, and says which parameters it has', () => {
    expect(invokeCapabilities('llama')).toMatchObject({ tools: false, image: false, stopSequences: false });
    expect(invokeCapabilities('mistral/llama2')).toMatchObject({ stopSequences: true, topK: 'top_k' });
    expect(invokeCapabilities('bedrock-completion')).toMatchObject({ structuredOutput: 'native' });
  });
});
