import type { ConverseRequest } from '../converse/request.ts';
import { enablesThinking } from './claude-asks.ts';
import { anthropic, type Rule } from './rule.ts';

const sampling = ({ inferenceConfig, additionalModelRequestFields }: ConverseRequest) => ({
  temperature: inferenceConfig?.temperature,
  top_p: inferenceConfig?.topP,
  top_k: additionalModelRequestFields?.top_k as number | undefined,
});

/** Temperature and its kin. */
export const claudeSamplingRules: Rule[] = [
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
    // BerriAI/litellm 1.110.2.
    name: 'neutral sampling only',
    binds: (family) => family.sampling === 'neutral',
    from: 'provider',
    breach(request) {
      const { temperature = 1, top_p = 1, top_k } = sampling(request);
      if (temperature !== 1) return '`temperature` is deprecated for this model.';
      if (top_p < 0.99) return '`top_p` is deprecated for this model.';
      return top_k === undefined ? undefined : '`top_k` is deprecated for this model.';
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
      enablesThinking(request) && (sampling(request).temperature ?? 1) !== 1
        ? '`temperature` may only be set to 1 when thinking is enabled or in adaptive mode. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking'
        : undefined,
  },
  {
    name: 'top_p near 1 when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      enablesThinking(request) && (sampling(request).top_p ?? 1) < 0.95
        ? '`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.'
        : undefined,
  },
  {
    name: 'no top_k when thinking',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      enablesThinking(request) && sampling(request).top_k !== undefined
        ? '`top_k` must be unset when thinking is enabled.'
        : undefined,
  },
];
