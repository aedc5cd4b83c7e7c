import type { ConverseRequest } from '../converse/request.ts';
import { askedBetas, askedEffort, askedThinking, claudeThinking, enablesThinking } from './claude-asks.ts';
import { anthropic, type Rule } from './rule.ts';

const forcesTool = ({ toolConfig }: ConverseRequest) =>
  Boolean(toolConfig?.toolChoice?.any ?? toolConfig?.toolChoice?.tool);

/** In Claude's own words, as `additionalModelRequestFields` may hold them. */
const forcesToolNatively = ({ additionalModelRequestFields: fields }: ConverseRequest) =>
  ['any', 'tool'].includes((fields?.tool_choice as { type?: string } | undefined)?.type ?? '');

/** What may be asked of Claude's thinking. */
export const claudeThinkingRules: Rule[] = [
  {
    name: 'thinking has a known type',
    binds: anthropic,
    from: 'provider',
    breach(request, { family }) {
      const { type } = askedThinking(request);
      const betweenTools = claudeThinking(family)?.betweenTools ? ['between_tools'] : [];
      const known = ['adaptive', ...betweenTools, 'disabled', 'enabled'];
      return type === undefined || known.includes(type)
        ? undefined
        : `thinking: Input tag '${type}' found using 'type' does not match any of the expected tags: ${known.map((tag) => `'${tag}'`).join(', ')}`;
    },
  },
  {
    name: 'no thinking',
    binds: (family) =>
      claudeThinking(family)?.enabled === false && claudeThinking(family)?.adaptive === false,
    from: 'provider',
    breach: (request) => (enablesThinking(request) ? 'thinking: Extra inputs are not permitted' : undefined),
  },
  {
    name: 'no budgets where thinking is adaptive',
    binds: (family) => claudeThinking(family)?.enabled === false && claudeThinking(family)?.adaptive === true,
    from: 'provider',
    breach: (request) =>
      askedThinking(request).type === 'enabled'
        ? '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        : undefined,
  },
  {
    name: 'no adaptive thinking',
    binds: (family) => claudeThinking(family)?.adaptive === false,
    from: 'provider',
    breach: (request) =>
      askedThinking(request).type === 'adaptive'
        ? 'adaptive thinking is not supported on this model'
        : undefined,
  },
  {
    name: 'thinking cannot be disabled',
    binds: (family) => claudeThinking(family)?.canDisable === false,
    from: 'provider',
    breach: (request) =>
      askedThinking(request).type === 'disabled'
        ? '"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        : undefined,
  },
  {
    name: 'a budget is at least 1024',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const { type, budget_tokens } = askedThinking(request);
      if (type !== 'enabled') return undefined;
      if (budget_tokens === undefined) return 'thinking.enabled.budget_tokens: Field required';
      return budget_tokens < 1024
        ? 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024'
        : undefined;
    },
  },
  {
    name: 'max_tokens is above the budget',
    binds: anthropic,
    from: 'provider',
    breach(request, { family }) {
      const { type, budget_tokens = 0 } = askedThinking(request);
      const maxTokens = request.inferenceConfig?.maxTokens ?? family.maxOutputTokens;
      return type === 'enabled' && maxTokens <= budget_tokens
        ? '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size'
        : undefined;
    },
  },
  {
    name: 'effort',
    binds: anthropic,
    from: 'provider',
    breach(request, { family }) {
      const effort = askedEffort(request);
      const { efforts: plain = [], effortsByBeta } = claudeThinking(family) ?? {};
      const efforts = (askedBetas(request).includes('effort-2025-11-24') && effortsByBeta) || plain;
      if (effort === undefined || efforts.includes(effort)) return undefined;
      if (effortsByBeta && efforts === plain) return 'output_config.effort: Extra inputs are not permitted';
      return efforts.length === 0
        ? 'This model does not support the effort parameter.'
        : `output_config.effort: Input should be ${efforts.map((each) => `'${each}'`).join(', ')}`;
    },
  },
  {
    name: 'effort is at most high without thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      askedThinking(request).type === 'disabled' && ['xhigh', 'max'].includes(askedEffort(request) ?? '')
        ? `output_config.effort: '${askedEffort(request)}' is not supported when thinking is disabled. Use 'high' or lower.`
        : undefined,
  },
  {
    // AI SDK amazon-bedrock 5.0.99 and BerriAI/litellm 1.110.2 send high instead; the words are not known.
    name: 'effort is at most high where it thinks between tools only',
    binds: (family) => claudeThinking(family)?.betweenTools === true,
    from: 'provider',
    breach: (request) =>
      askedThinking(request).type === 'between_tools' && ['xhigh', 'max'].includes(askedEffort(request) ?? '')
        ? `output_config.effort: '${askedEffort(request)}' is not supported with thinking.type between_tools. Use 'high' or lower.`
        : undefined,
  },
  {
    // vercel/ai#21364, 567-labs/instructor#2681, run-llama/llama_index#23207.
    name: 'no forced tools at all',
    binds: (family) => claudeThinking(family)?.forcedTools === false,
    from: 'provider',
    breach: (request) =>
      forcesTool(request) || forcesToolNatively(request)
        ? 'tool_choice: type "tool" and "any" are not supported for this model.'
        : undefined,
  },
  {
    // Beside adaptive thinking it is taken (langchain-ai/langchain-aws#1141, pydantic/pydantic-ai#7960).
    name: 'no forced tools when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      (forcesTool(request) || forcesToolNatively(request)) && askedThinking(request).type === 'enabled'
        ? 'Thinking may not be enabled when tool_choice forces tool use.'
        : undefined,
  },
];
