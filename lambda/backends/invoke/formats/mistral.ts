import { promptFormat } from '../prompt-format.ts';

/**
 * Mistral and Mixtral:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
 */
export const mistral = promptFormat({
  names: { maxTokens: 'max_tokens', stop: 'stop' },
  template: 'mistral',
  capabilities: { topK: 'top_k' },
});
