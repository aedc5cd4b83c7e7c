import { promptFormat } from '../prompt-format.ts';

/**
 * OpenAI's completion: models imported after 11 November 2025, chosen by `max_tokens`
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html).
 */
export const openAiCompletion = promptFormat({
  names: { maxTokens: 'max_tokens', stop: 'stop' },
  template: 'chatml',
});
