import { signatureOf } from '../answer/ids.ts';
import { type ConverseRequest, placedBlocks } from '../converse/request.ts';
import type { Family, Thinking } from '../models/family.ts';
import { anthropic, type Rule } from './rule.ts';

type ClaudeThinking = Extract<Thinking, { kind: 'claude' }>;

export const claudeThinking = (family: Family): ClaudeThinking | undefined =>
  family.thinking.kind === 'claude' ? family.thinking : undefined;

interface AskedThinking {
  type?: string;
  budget_tokens?: number;
}

/** `reasoning_config` is an older name that is still taken (recorded). */
export function askedThinking({ additionalModelRequestFields: fields }: ConverseRequest): AskedThinking {
  return ((fields?.thinking ?? fields?.reasoning_config) as AskedThinking | undefined) ?? {};
}

export function askedEffort({
  additionalModelRequestFields: fields,
  outputConfig,
}: ConverseRequest): string | undefined {
  const output = fields?.output_config as { effort?: string } | undefined;
  return output?.effort ?? outputConfig?.effort;
}

/** Whether Claude thinks in its answer to this request. */
export function thinks(request: ConverseRequest, family: Family): boolean {
  const { type } = askedThinking(request);
  if (type === 'enabled' || type === 'adaptive') return true;
  return type !== 'disabled' && claudeThinking(family)?.onByDefault === true;
}

const enabled = (request: ConverseRequest) =>
  ['enabled', 'adaptive'].includes(askedThinking(request).type ?? '');
const sampling = ({ inferenceConfig, additionalModelRequestFields }: ConverseRequest) => ({
  temperature: inferenceConfig?.temperature,
  top_p: inferenceConfig?.topP,
  top_k: additionalModelRequestFields?.top_k as number | undefined,
});
const forcesTool = ({ toolConfig }: ConverseRequest) =>
  Boolean(toolConfig?.toolChoice?.any ?? toolConfig?.toolChoice?.tool);

const samplingRules: Rule[] = [
  {
    name: 'no sampling',
    binds: (family) => anthropic(family) && family.sampling === 'refused',
    from: 'provider',
    breach(request) {
      const set = Object.entries(sampling(request)).find(([, value]) => value !== undefined);
      return set && `\`${set[0]}\` is deprecated for this model.`;
    },
  },
  {
    name: 'temperature or top_p',
    binds: (family) => anthropic(family) && family.sampling === 'temperature-or-top-p',
    from: 'provider',
    breach(request) {
      const { temperature, top_p } = sampling(request);
      return temperature !== undefined && top_p !== undefined
        ? '`temperature` and `top_p` cannot both be specified for this model. Please use only one.'
        : undefined;
    },
  },
  {
    name: 'temperature 1 when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      enabled(request) && (sampling(request).temperature ?? 1) !== 1
        ? '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking'
        : undefined,
  },
  {
    name: 'top_p near 1 when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      enabled(request) && (sampling(request).top_p ?? 1) < 0.95
        ? '`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.'
        : undefined,
  },
  {
    name: 'no top_k when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      enabled(request) && sampling(request).top_k !== undefined
        ? '`top_k` must be unset when thinking is enabled.'
        : undefined,
  },
];

const thinkingRules: Rule[] = [
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
    breach: (request) => (enabled(request) ? 'thinking: Extra inputs are not permitted' : undefined),
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
      (enabled(request) || (thinks(request, family) && !claudeThinking(family)?.forcedTools))
        ? 'Thinking may not be enabled when tool_choice forces tool use.'
        : undefined,
  },
];

/** Reasoning that comes back must be what the model said, signed. */
const replayRules: Rule[] = [
  {
    name: 'signature present',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const unsigned = placedBlocks(request).find(
        ({ block }) =>
          block.reasoningContent?.reasoningText && !block.reasoningContent.reasoningText.signature,
      );
      return (
        unsigned && `messages.${unsigned.turn}.content.${unsigned.index}.thinking.signature: Field required`
      );
    },
  },
  {
    name: 'signature valid',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const forged = placedBlocks(request).find(({ block }) => {
        const said = block.reasoningContent?.reasoningText;
        return said && said.signature !== signatureOf(said.text ?? '');
      });
      return (
        forged &&
        `messages.${forged.turn}.content.${forged.index}: Invalid \`signature\` in \`thinking\` block`
      );
    },
  },
  {
    name: 'a tool loop keeps its thinking',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      if (askedThinking(request).type !== 'enabled') return undefined;
      const last = (request.messages ?? []).findLastIndex(({ role }) => role === 'assistant');
      const content = request.messages?.[last]?.content ?? [];
      if (!content.some(({ toolUse }) => toolUse) || content[0]?.reasoningContent) return undefined;
      const found = content[0]?.toolUse ? 'tool_use' : 'text';
      return `messages.${last}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block. We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`.`;
    },
  },
];

export const claudeRules: Rule[] = [...samplingRules, ...thinkingRules, ...replayRules];
