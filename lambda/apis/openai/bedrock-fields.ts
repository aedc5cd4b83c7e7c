import type { ConverseAnswer } from '../../canonical/types.ts';

/** What Bedrock says that OpenAI has no field for, rendered only when asked for. */
export function bedrockFields(
  { trace, additionalModelResponseFields }: Pick<ConverseAnswer, 'trace' | 'additionalModelResponseFields'>,
  rendering: { trace?: boolean },
) {
  const fields = {
    ...(rendering.trace && trace?.guardrail && { trace }),
    ...(additionalModelResponseFields && { additionalModelResponseFields }),
  };
  return Object.keys(fields).length > 0 ? fields : undefined;
}
