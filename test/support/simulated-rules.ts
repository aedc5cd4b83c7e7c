import type { ConverseRequest } from '../../lambda/canonical/types.ts';
import { BedrockError } from '../../local/simulator/errors.ts';
import { familyOf } from '../../local/simulator/models/families.ts';
import { checkConverse } from '../../local/simulator/rules/check.ts';

/** What the simulator says to a request for a foundation model, in its strict mode; undefined when it takes it. */
export function refusal(id: string, request: ConverseRequest, streams: boolean): string | undefined {
  const family = familyOf(id);
  const { contextTokens, maxOutputTokens } = family;
  const model = {
    id,
    kind: 'foundation' as const,
    family,
    contextTokens,
    maxOutputTokens,
    embeds: false,
    coldStarts: 0,
  };
  try {
    checkConverse(JSON.parse(JSON.stringify(request)), { model, family, streams, strict: true });
    return undefined;
  } catch (error) {
    if (error instanceof BedrockError) return error.message;
    throw error;
  }
}
