import type { RequestField } from '../../fields.ts';
import type { FieldNames, OtherName, OtherNames } from '../shared/spelling.ts';

/** What Responses calls each field. What it does not have is called what its clients would look for. */
export const fieldNames: FieldNames<RequestField> = {
  model: 'model',
  messages: 'input',
  answers: 'n',
  maxTokens: 'max_output_tokens',
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
  webSearch: 'tools (web_search)',
  outputFormat: 'text.format',
  'reasoning.thinking': 'reasoning',
  'reasoning.effort': 'reasoning.effort',
  'reasoning.budgetTokens': 'reasoning.max_tokens',
  anthropicBeta: 'anthropic_beta',
  cachePoint: 'prompt_cache_breakpoint',
  guardContent: 'guarded_text',
  guardrailConfig: 'guardrailConfig',
  serviceTier: 'service_tier',
  requestMetadata: 'metadata',
  additionalModelResponseFieldPaths: 'additionalModelResponseFieldPaths',
};

/** Where content/cache-marks.ts finds marks. */
const markedParts = ['input', 'input.content', 'input.output', 'tools', 'tools.tools'];
const mark = (name: string): OtherName => ({ name, at: markedParts.map((path) => `${path}.${name}`) });

/** The order is that in which the request is read. */
export const otherNames: OtherNames<RequestField> = {
  cachePoint: [mark('cache_control'), mark('prompt_cache_breakpoint')],
  guardrailConfig: ['guardrailConfig', 'guardrail_config'],
  serviceTier: ['serviceTier', 'service_tier'],
  requestMetadata: ['requestMetadata', 'metadata'],
};
