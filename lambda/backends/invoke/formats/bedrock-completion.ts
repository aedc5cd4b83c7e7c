import { promptFormat } from '../prompt-format.ts';

/**
 * Bedrock's own completion: models imported after 11 November 2025, chosen by `max_gen_len`
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/invoke-imported-model.html).
 */
export const bedrockCompletion = promptFormat({
  names: { maxTokens: 'max_gen_len' },
  template: 'llama3',
  schema: true,
});
