import { type ConverseRequest, placedBlocks } from '../converse/request.ts';
import { anthropic, noBlock, noField, nova, type Rule } from './rule.ts';

interface NovaReasoning {
  type?: string;
  maxReasoningEffort?: string;
}
export const novaReasoning = ({ additionalModelRequestFields: fields }: ConverseRequest): NovaReasoning =>
  (fields?.reasoningConfig as NovaReasoning | undefined) ?? {};

/** `reasoning: {effort}`, as GPT reads it. */
export const nestedEffort = ({ additionalModelRequestFields: fields }: ConverseRequest) =>
  (fields?.reasoning as { effort?: string } | undefined)?.effort;

const topK = ({ additionalModelRequestFields: fields }: ConverseRequest) =>
  (fields?.inferenceConfig as { topK?: number } | undefined)?.topK;

const reasoning = (request: ConverseRequest) =>
  placedBlocks(request).flatMap(({ block }) => (block.reasoningContent ? [block.reasoningContent] : []));

/** Reasoning and sampling outside Claude. */
export const reasoningRules: Rule[] = [
  {
    name: 'Nova’s reasoning levels',
    binds: (family) => family.thinking.kind === 'nova',
    breach(request) {
      const { type, maxReasoningEffort: effort } = novaReasoning(request);
      if (type === 'enabled' && !['low', 'medium', 'high'].includes(effort ?? '')) {
        return `The reasoningConfig.maxReasoningEffort value ${effort ?? 'null'} is invalid. Use low, medium or high and try again.`;
      }
      return [undefined, 'enabled', 'disabled'].includes(type)
        ? undefined
        : `The reasoningConfig.type value ${type} is invalid. Use enabled or disabled and try again.`;
    },
  },
  {
    // Nova 2 user guide: high effort leaves the length and the sampling to the model.
    name: 'Nova’s high effort takes no limits',
    binds: nova,
    breach(request) {
      const { type, maxReasoningEffort: effort } = novaReasoning(request);
      const { temperature, topP, maxTokens } = request.inferenceConfig ?? {};
      const set = [temperature, topP, maxTokens, topK(request)].some((value) => value !== undefined);
      return type === 'enabled' && effort === 'high' && set
        ? 'temperature, topP, topK and maxTokens must be unset when maxReasoningEffort is high. Remove them and try again.'
        : undefined;
    },
  },
  {
    name: 'effort of open-weight models',
    binds: (family) => family.thinking.kind === 'effort',
    from: 'provider',
    breach({ additionalModelRequestFields: fields }, { family }) {
      if (family.thinking.kind !== 'effort') return undefined;
      const { key, values } = family.thinking;
      const asked = fields?.[key];
      return asked === undefined || values.length === 0 || values.includes(String(asked))
        ? undefined
        : jsonError(
            `Invalid value for ${key}: '${String(asked)}'. Supported values are: ${values.join(', ')}.`,
          );
    },
  },
  {
    name: 'effort of GPT',
    binds: (family) => family.thinking.kind === 'encrypted',
    from: 'provider',
    breach(request, { family }) {
      if (family.thinking.kind !== 'encrypted') return undefined;
      const { values } = family.thinking;
      const asked = nestedEffort(request);
      return asked === undefined || values.includes(asked)
        ? undefined
        : `Invalid value: '${asked}'. Supported values are: ${values.map((value) => `'${value}'`).join(', ')}.`;
    },
  },
  {
    name: 'no sampling, outside Claude',
    binds: (family) => !anthropic(family) && family.sampling === 'refused',
    from: 'provider',
    breach({ inferenceConfig }) {
      const set = (['temperature', 'topP'] as const).find((name) => inferenceConfig?.[name] !== undefined);
      return (
        set &&
        jsonError(
          `Unsupported parameter: '${set === 'topP' ? 'top_p' : set}' is not supported with this model.`,
        )
      );
    },
  },
  {
    name: 'no reasoning to replay',
    binds: (family) => family.thinking.kind === 'none',
    breach: (request) => (reasoning(request).length > 0 ? noBlock('reasoningContent') : undefined),
  },
  {
    // Another gateway's maintainers saw 400 from Nova, Llama, DeepSeek and gpt-oss; UKGovernmentBEIS/inspect_ai#5217.
    name: 'encrypted reasoning goes back to Claude and GPT alone',
    binds: (family) => !anthropic(family) && family.thinking.kind !== 'encrypted',
    breach: (request) =>
      reasoning(request).some(({ redactedContent }) => redactedContent !== undefined)
        ? noField('reasoningContent.redactedContent')
        : undefined,
  },
  {
    name: 'no text of reasoning in the history of GPT',
    binds: (family) => family.thinking.kind === 'encrypted',
    breach: (request) =>
      reasoning(request).some(({ reasoningText }) => reasoningText !== undefined)
        ? `This model doesn't support the reasoningContent.reasoningText.text field for assistant messages. Remove reasoningContent.reasoningText.text and try again.`
        : undefined,
  },
  {
    name: 'no signatures outside Claude',
    binds: (family) => !anthropic(family) && family.thinking.kind !== 'encrypted',
    breach: (request) =>
      reasoning(request).some(({ reasoningText }) => reasoningText?.signature !== undefined)
        ? noField('reasoningContent.reasoningText.signature')
        : undefined,
  },
];

/** Open-weight models wrap their errors once more, as JSON in the text (live, August 2026). */
export const jsonError = (message: string): string =>
  JSON.stringify({
    error: { code: 'validation_error', message, param: null, type: 'invalid_request_error' },
  });
