import type { ConverseRequest } from '../converse/request.ts';
import { askedEffort, askedThinking, claudeThinking, enablesThinking, thinks } from './claude-asks.ts';
import { anthropic, type Rule } from './rule.ts';

const forcesTool = ({ toolConfig }: ConverseRequest) =>
  Boolean(toolConfig?.toolChoice?.any ?? toolConfig?.toolChoice?.tool);

/** What may be asked of Claude's thinking. */
export const claudeThinkingRules: Rule[] = [
  {
    name: 'thinking has a known type',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const { type } = askedThinking(request);
      return type === undefined || ['enabled', 'disabled', 'adaptive'].includes(type)
        ? undefined
        : `thinking: Input tag '${type}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'`;
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
      const efforts = claudeThinking(family)?.efforts ?? [];
      if (effort === undefined || efforts.includes(effort)) return undefined;
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
    name: 'no forced tools when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request, { family }) =>
      forcesTool(request) &&
      (enablesThinking(request) || (thinks(request, family) && !claudeThinking(family)?.forcedTools))
        ? 'Thinking may not be enabled when tool_choice forces tool use.'
        : undefined,
  },
];
