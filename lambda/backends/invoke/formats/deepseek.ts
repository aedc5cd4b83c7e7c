import { promptFormat } from '../prompt-format.ts';

/** DeepSeek-R1 and its distillations: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html */
export const deepseek = promptFormat({
  names: { maxTokens: 'max_tokens', stop: 'stop' },
  template: 'deepseek',
  capabilities: { leaks: 'think-tags' },
});
