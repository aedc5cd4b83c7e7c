import { field } from '../../fields.ts';
import { setExtra } from '../extra-fields.ts';
import { ignore } from '../notes.ts';
import type { FitStep } from '../types.ts';
import { thinks } from './thinking.ts';

/** Bedrock has its own prompt caching and refuses Anthropic's flag for it. */
const refused = /^prompt-caching-/;

/** Characters of a flag that are named. */
const longest = 64;

/**
 * `anthropic_beta`: what the client asked for, and the flag that lets Claude 4 and 4.5 think between tool
 * calls. A client that speaks Claude's own `thinking` chooses its flags itself. Once the model has refused one, and it says
 * not which, those alone are sent that are known of it.
 */
export const fitBetas: FitStep = (draft, capabilities) => {
  const { request, intent } = draft;
  if (!capabilities.anthropicBeta) {
    if (intent.anthropicBeta?.length) ignore(draft, 'anthropicBeta');
    return;
  }
  const { onlyNeededBetas = false, betas = [] } = capabilities.messages ?? {};
  const isTaken = (flag: string) => !onlyNeededBetas || betas.includes(flag);
  const interleaved = capabilities.interleavedThinkingBeta;
  const { effort, budgetTokens, thinking } = intent.reasoning ?? {};
  const translated = thinking === undefined && (effort ?? budgetTokens) !== undefined;
  const between = interleaved && request.toolConfig && thinks(request) && translated ? [interleaved] : [];
  const asked = (intent.anthropicBeta ?? []).filter((flag) => !refused.test(flag));
  for (const flag of asked) if (!isTaken(flag)) ignore(draft, field('anthropicBeta', flag.slice(0, longest)));
  const added = [...asked, ...between].filter(isTaken);
  const given = request.additionalModelRequestFields?.anthropic_beta;
  const flags = [...new Set([...(Array.isArray(given) ? given : []), ...added])];
  if (added.length > 0) setExtra(draft, 'anthropic_beta', flags);
};
