import type { RequestField } from '../../fields.ts';
import { openAiFieldNames } from '../openai/field-names.ts';
import type { FieldNames, OtherName, OtherNames } from '../shared/spelling.ts';

/** What Chat Completions, and the gateways that extend it, call each field. */
export const fieldNames: FieldNames<RequestField> = {
  ...openAiFieldNames,
  'tools.strict': 'tools.function.strict',
};

/** Where content/cache-marks.ts finds marks. */
const markedParts = ['messages', 'messages.content', 'messages.tool_calls', 'tools', 'functions'];
const mark = (name: string): OtherName => ({ name, at: markedParts.map((path) => `${path}.${name}`) });

/** The order is that in which request.ts, reasoning-request.ts and openai/tools.ts prefer them. */
export const otherNames: OtherNames<RequestField> = {
  maxTokens: ['max_completion_tokens', 'max_tokens'],
  topK: ['top_k', 'topK'],
  tools: ['tools', 'functions'],
  'tools.strict': ['tools.function.strict', 'functions.strict'],
  // Without `tools` it is `functions` that counts, and with it the older form of the choice.
  toolChoice: [
    { name: 'tool_choice', at: ['tools'] },
    { name: 'function_call', at: ['functions'] },
  ],
  'reasoning.effort': [
    'reasoning_effort',
    'reasoning.effort',
    'output_config.effort',
    'reasoning.enabled',
    'enable_thinking',
    'chat_template_kwargs.enable_thinking',
  ],
  'reasoning.budgetTokens': ['reasoning.max_tokens', 'thinking.budget_tokens', 'thinking_budget'],
  cachePoint: [mark('cache_control'), mark('prompt_cache_breakpoint')],
  guardrailConfig: ['guardrailConfig', 'guardrail_config'],
  serviceTier: ['serviceTier', 'service_tier'],
  requestMetadata: ['requestMetadata', 'metadata'],
};
