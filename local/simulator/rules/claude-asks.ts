import type { ConverseRequest } from '../converse/request.ts';
import type { Family, Thinking } from '../models/family.ts';

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

/** Flags of `anthropic_beta`, whatever is no text left out. */
export function askedBetas({ additionalModelRequestFields: fields }: ConverseRequest): string[] {
  const betas = fields?.anthropic_beta;
  return Array.isArray(betas) ? betas.map(String) : [];
}

/** Whether Claude thinks in its answer to this request. */
export function thinks(request: ConverseRequest, family: Family): boolean {
  const { type } = askedThinking(request);
  if (type === 'enabled' || type === 'adaptive') return true;
  return type !== 'disabled' && claudeThinking(family)?.onByDefault === true;
}

/** Whether the request switches thinking on by itself. */
export const enablesThinking = (request: ConverseRequest): boolean =>
  ['enabled', 'adaptive'].includes(askedThinking(request).type ?? '');
