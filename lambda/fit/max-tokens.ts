import { ignore, warn } from './notes.ts';
import { novaThinksHard, thinkingBudget } from './reasoning/thinking.ts';
import type { Draft, FitStep } from './types.ts';

/** Tokens for the answer when only a thinking budget is known. */
const answerBesideThinking = 4096;
/** From this maximum on, an omitted max_tokens costs too much quota. */
const longOutput = 64_000;

/** max_tokens: within what the model takes, and never so large by omission that it starves other calls. */
export const fitLimits: FitStep = (draft, capabilities) => {
  const asked = draft.request.inferenceConfig?.maxTokens;
  const most = capabilities.maxOutputTokens;
  if (novaThinksHard(draft.request)) {
    if (asked !== undefined) ignore(draft, 'max_tokens');
    setMaxTokens(draft, undefined);
  } else if (asked === undefined) {
    setMaxTokens(draft, sensibleMaximum(draft, most));
  } else if (most !== undefined && asked > most) {
    setMaxTokens(draft, most);
    warn(draft, `max_tokens ${asked} lowered to ${most} which is the most this model takes`);
  }
};

/**
 * Bedrock reserves quota for input + max_tokens when it admits a call, and takes the model's maximum when
 * none is given (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html). Half of a
 * long maximum is more than any known client waits for and halves the reservation. Short or unknown maxima
 * are left to Bedrock.
 */
function sensibleMaximum(draft: Draft, most: number | undefined): number | undefined {
  const half = most !== undefined && most >= longOutput ? most / 2 : undefined;
  const budget = thinkingBudget(draft.request);
  if (budget === undefined) return half;
  return Math.min(Math.max(half ?? 0, budget + answerBesideThinking), most ?? Number.POSITIVE_INFINITY);
}

function setMaxTokens(draft: Draft, maxTokens: number | undefined): void {
  const { maxTokens: _, ...rest } = draft.request.inferenceConfig ?? {};
  draft.request.inferenceConfig = maxTokens === undefined ? rest : { ...rest, maxTokens };
}
