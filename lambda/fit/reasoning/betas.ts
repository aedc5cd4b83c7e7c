import { setExtra } from '../extra-fields.ts';
import { ignore } from '../notes.ts';
import type { FitStep } from '../types.ts';
import { thinks } from './thinking.ts';

/** Bedrock has its own prompt caching and refuses Anthropic's flag for it. */
const refused = /^prompt-caching-/;

/**
 * `anthropic_beta`: what the client asked for, and the flag that lets Claude 4 and 4.5 think between tool
 * calls. A client that speaks Claude's own `thinking` chooses its flags itself.
 */
export const fitBetas: FitStep = (draft, capabilities) => {
  const { request, intent } = draft;
  if (!capabilities.anthropicBeta) {
    if (intent.anthropicBeta?.length) ignore(draft, 'anthropicBeta');
    return;
  }
  const interleaved = capabilities.interleavedThinkingBeta;
  const { effort, budgetTokens, thinking } = intent.reasoning ?? {};
  const translated = thinking === undefined && (effort ?? budgetTokens) !== undefined;
  const between = interleaved && request.toolConfig && thinks(request) && translated ? [interleaved] : [];
  const asked = (intent.anthropicBeta ?? []).filter((flag) => !refused.test(flag));
  const given = request.additionalModelRequestFields?.anthropic_beta;
  const flags = [...new Set([...(Array.isArray(given) ? given : []), ...asked, ...between])];
  if (asked.length + between.length > 0) setExtra(draft, 'anthropic_beta', flags);
};
