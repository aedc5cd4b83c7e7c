import { field, note } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { ignore, warn } from './notes.ts';
import { novaThinksHard, thinkingBudget } from './reasoning/thinking.ts';
import type { Draft, FitStep } from './types.ts';

/** Tokens for the answer when only a thinking budget is known. */
const answerBesideThinking = 4096;
/** From this maximum on, all of it for an omitted max_tokens would cost too much quota. */
const longOutput = 64_000;

/** max_tokens: within what the model takes, and never so large by omission that it starves other calls. */
export const fitLimits: FitStep = (draft, capabilities) => {
  const asked = draft.request.inferenceConfig?.maxTokens;
  const most = capabilities.maxOutputTokens;
  if (novaThinksHard(draft.request)) {
    if (asked !== undefined) ignore(draft, 'maxTokens');
    setMaxTokens(draft, undefined);
  } else if (asked === undefined) {
    setMaxTokens(draft, sensibleMaximum(draft, capabilities));
  } else if (most !== undefined && asked > most) {
    setMaxTokens(draft, most);
    warn(draft, note`${field('maxTokens')} ${asked} lowered to ${most} which is the most this model takes`);
  }
};

/**
 * Tokens to send where the client names none; undefined: not known, so it is left to Bedrock.
 *
 * Converse stops at 4,096 tokens where no max_tokens comes (langchain-ai/openwiki#722), and Bedrock reserves quota for
 * input + max_tokens when it admits a call, the model's maximum when none is given
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html). Half of a long maximum is more
 * than any known client waits for and halves the reservation.
 */
export function usualMaxTokens({
  maxOutputTokens: most,
  defaultMaxTokens,
}: Capabilities): number | undefined {
  if (defaultMaxTokens === 'unsent') return undefined;
  if (defaultMaxTokens !== undefined) return Math.min(defaultMaxTokens, most ?? defaultMaxTokens);
  return most !== undefined && most >= longOutput ? most / 2 : most;
}

/** A thinking budget counts as output: there must be room for it, and for the answer beside it. */
function sensibleMaximum(draft: Draft, capabilities: Capabilities): number | undefined {
  const usual = usualMaxTokens(capabilities);
  const budget = thinkingBudget(draft.request);
  if (budget === undefined) return usual;
  const most = capabilities.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  return Math.min(Math.max(usual ?? 0, budget + answerBesideThinking), most);
}

function setMaxTokens(draft: Draft, maxTokens: number | undefined): void {
  const { maxTokens: _, ...rest } = draft.request.inferenceConfig ?? {};
  draft.request.inferenceConfig = maxTokens === undefined ? rest : { ...rest, maxTokens };
}
