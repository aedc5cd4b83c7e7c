import type { RequestField } from '../../fields.ts';
import type { FieldNames, OtherNames } from '../shared/spelling.ts';

/** What Messages calls each field, and what its clients would look for where it has none. */
export const fieldNames: FieldNames<RequestField> = {
  model: 'model',
  messages: 'messages',
  answers: 'n',
  maxTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stopSequences: 'stop_sequences',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  seed: 'seed',
  logitBias: 'logit_bias',
  tools: 'tools',
  'tools.strict': 'tools.strict',
  toolChoice: 'tool_choice',
  'toolChoice.any': 'any',
  parallelToolCalls: 'tool_choice.disable_parallel_tool_use',
  webSearch: 'web_search',
  outputFormat: 'output_config.format',
  'reasoning.thinking': 'thinking',
  'reasoning.effort': 'output_config.effort',
  'reasoning.budgetTokens': 'thinking.budget_tokens',
  anthropicBeta: 'anthropic_beta',
  cachePoint: 'cache_control',
  guardContent: 'guarded_text',
  guardrailConfig: 'guardrailConfig',
  serviceTier: 'service_tier',
  requestMetadata: 'requestMetadata',
  additionalModelResponseFieldPaths: 'additionalModelResponseFieldPaths',
};

/** In the order in which `request.ts` and `shared/bedrock-extensions.ts` prefer them. */
export const otherNames: OtherNames<RequestField> = {
  outputFormat: ['output_config.format', 'output_format'],
  anthropicBeta: ['anthropic_beta', 'betas'],
  guardrailConfig: ['guardrailConfig', 'guardrail_config'],
  serviceTier: ['serviceTier', 'service_tier'],
  requestMetadata: ['requestMetadata', 'metadata'],
};
