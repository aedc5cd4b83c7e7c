import type { RequestField } from '../../fields.ts';
import { openAiFieldNames } from '../openai/field-names.ts';
import type { FieldNames, OtherNames } from '../shared/spelling.ts';

/** What legacy completions call each field; of those that they have not, what their clients would look for. */
export const fieldNames: FieldNames<RequestField> = { ...openAiFieldNames, messages: 'prompt' };

export const otherNames: OtherNames<RequestField> = {
  guardrailConfig: ['guardrailConfig', 'guardrail_config'],
  serviceTier: ['serviceTier', 'service_tier'],
  requestMetadata: ['requestMetadata', 'metadata'],
};
