import { ignore, type Notes } from './notes.ts';
import type { Holding } from './request-fields.ts';
import type { FitStep } from './types.ts';

/** Parameters without a counterpart on Bedrock, and service tiers that the model does not have. */
export const fitUnsupported: FitStep = (draft, capabilities) => {
  const { frequencyPenalty, presencePenalty, seed, logitBias } = draft.intent;
  // Copilot sends both penalties as 0 on every call.
  if (frequencyPenalty) ignore(draft, 'frequencyPenalty');
  if (presencePenalty) ignore(draft, 'presencePenalty');
  if (seed !== undefined) ignore(draft, 'seed');
  if (logitBias && Object.keys(logitBias).length > 0) ignore(draft, 'logitBias');
  dropTier(draft, capabilities.serviceTiers);
};

/** Bedrock answers 400 to a tier that the model does not offer; the default tier gives the same answer. */
export function dropTier(
  draft: Holding<'serviceTier'> & Pick<Notes, 'ignored'>,
  tiers: readonly string[] | undefined,
): void {
  const tier = draft.request.serviceTier?.type;
  if (tier === undefined || tiers === undefined || tiers.includes(tier)) return;
  delete draft.request.serviceTier;
  ignore(draft, 'serviceTier');
}
