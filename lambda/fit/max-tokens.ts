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
    if (asked !== undefined) ignore(draft, 'max_tokens');
    setMaxTokens(draft, undefined);
  } else if (asked === undefined) {
    setMaxTokens(draft, sensibleMaximum(draft, capabilities));
  } else if (most !== undefined && asked > most) {
    setMaxTokens(draft, most);
    warn(draft, `max_tokens ${asked} lowered to ${most} which is the most this model takes`);
  }
};

/**
 * Converse stops at 4,096 tokens where no max_tokens comes (langchain-ai/openwiki#722), and Bedrock reserves quota for
 * input + max_tokens when it admits a call, the model's maximum when none is given
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html). Half of a long maximum is more
 * than any known client waits for and halves the reservation. Unknown maxima are left to Bedrock.
 */
function sensibleMaximum(
  draft: Draft,
  { maxOutputTokens, defaultMaxTokens }: Capabilities,
): number | undefined {
  const most = maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const usual = defaultMaxTokens ?? (most >= longOutput ? maxOutputTokens && most / 2 : maxOutputTokens);
  const budget = thinkingBudget(draft.request);
  const wanted = budget === undefined ? usual : Math.max(usual ?? 0, budget + answerBesideThinking);
  return wanted && Math.min(wanted, most);
}

function setMaxTokens(draft: Draft, maxTokens: number | undefined): void {
  const { maxTokens: _, ...rest } = draft.request.inferenceConfig ?? {};
  draft.request.inferenceConfig = maxTokens === undefined ? rest : { ...rest, maxTokens };
}
