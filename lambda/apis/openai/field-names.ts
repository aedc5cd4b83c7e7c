import type { RequestField } from '../../fields.ts';
import type { FieldNames } from '../shared/spelling.ts';

/**
 * What Chat Completions and the older completions, and the gateways that extend them, call each field; each says what it
 * calls otherwise. Responses has names of its own for so much that its table stands by itself.
 */
export const openAiFieldNames: FieldNames<RequestField> = {
  model: 'model',
  messages: 'messages',
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
