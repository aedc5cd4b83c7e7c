import type { RequestField } from '../../fields.ts';
import type { FieldNames, OtherNames } from '../shared/spelling.ts';

/** What legacy completions call each field; of those that they have not, what their clients would look for. */
export const fieldNames: FieldNames<RequestField> = {
  model: 'model',
  messages: 'prompt',
  answers: 'n',
  maxTokens: 'max_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stopSequences: 'stop',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  seed: 'seed',
  logitBias: 'logit_bias',
  tools: 'tools',
  'tools.strict': 'tools.strict',
  toolChoice: 'tool_choice',
  'toolChoice.any': 'required',
  parallelToolCalls: 'parallel_tool_calls',
  webSearch: 'web_search_options',
  outputFormat: 'response_format',
  'reasoning.thinking': 'thinking',
  'reasoning.effort': 'reasoning_effort',
  'reasoning.budgetTokens': 'thinking.budget_tokens',
  anthropicBeta: 'anthropic_beta',
  cachePoint: 'cache_control',
  guardContent: 'guarded_text',
  guardrailConfig: 'guardrailConfig',
  serviceTier: 'service_tier',
  requestMetadata: 'metadata',
  additionalModelResponseFieldPaths: 'additionalModelResponseFieldPaths',
};

export const otherNames: OtherNames<RequestField> = {
  guardrailConfig: ['guardrailConfig', 'guardrail_config'],
  serviceTier: ['serviceTier', 'service_tier'],
  requestMetadata: ['requestMetadata', 'metadata'],
};
