import * as limits from '../aws/limits.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import { badRequest } from '../errors.ts';
import { field } from '../fields.ts';
import { assessEverything } from './guardrail-marks.ts';
import { ignore } from './notes.ts';
import type { FitStep } from './types.ts';

/** The guardrail of the key or of the settings takes the place of the client's, whole: it can be neither loosened nor narrowed. */
export const fitGuardrails: FitStep = (draft) => {
  const enforced = draft.intent.enforcedGuardrail;
  if (enforced) {
    if (draft.request.guardrailConfig) ignore(draft, 'guardrailConfig');
    draft.request.guardrailConfig = { ...enforced };
    assessEverything(draft);
  } else if (draft.request.guardrailConfig) checkGuardrail(draft.request.guardrailConfig);
};

/** Throws a 400 for what is no guardrail. */
export function checkGuardrail({ guardrailIdentifier, guardrailVersion }: GuardrailConfig): void {
  if (!limits.guardrailIdentifier.test(guardrailIdentifier)) {
    throw badRequest(
      `${JSON.stringify(guardrailIdentifier)} is no guardrail identifier. Give the id of a guardrail (lower-case letters and digits) or its ARN.`,
      field('guardrailConfig', 'guardrailIdentifier'),
    );
  }
  if (!limits.guardrailVersion.test(guardrailVersion)) {
    throw badRequest(
      `${JSON.stringify(guardrailVersion)} is no guardrail version. Give a number from 1 or DRAFT.`,
      field('guardrailConfig', 'guardrailVersion'),
    );
  }
}
