import type { NativeSettings } from '../../canonical/native.ts';
import { checkGuardrail } from '../guardrails.ts';
import { checkTier, fitMetadata } from '../request-fields.ts';
import { dropTier } from '../unsupported.ts';
import type { NativeStep } from './draft.ts';

/** What travels in headers: within Bedrock's limits, and a tier that the model has. */
export const fitSettings: NativeStep = (draft, { serviceTiers }) => {
  const request: NativeSettings = { ...draft.settings };
  const { warnings, ignored } = draft;
  checkTier({ request });
  dropTier({ request, ignored }, serviceTiers);
  fitMetadata({ request, warnings });
  if (request.guardrailConfig) checkGuardrail(request.guardrailConfig);
  draft.settings = request;
};
