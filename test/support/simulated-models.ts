import { wireBytes } from '../../lambda/bedrock/operations.ts';
import type { ConverseRequest } from '../../lambda/canonical/types.ts';
import type { Capabilities } from '../../lambda/models/capabilities.ts';
import { familyOf } from '../../lambda/models/families/capabilities-of.ts';
import { BedrockError } from '../../local/simulator/errors.ts';
import { familyOf as simulatedFamilyOf } from '../../local/simulator/models/families.ts';
import { foundationModels } from '../../local/simulator/models/foundation-models.ts';
import { retiredModels } from '../../local/simulator/models/retired-models.ts';
import { checkConverse } from '../../local/simulator/rules/check.ts';

/** Every text model of the simulator's catalogue that the table knows: what it claims, the simulator enforces. */
export const textModels = [...foundationModels, ...retiredModels]
  .filter(({ output = 'T', id }) => {
    const known = familyOf(id).capabilities.family !== 'unknown';
    return known && output === 'T' && simulatedFamilyOf(id).converse;
  })
  .map(({ id }) => id);

/** Families about which sources disagree, and what the first refusal may teach about them. */
export const undecided: Readonly<Record<string, Partial<Capabilities>>> = {
  'claude-opus-5-5': { structuredOutput: 'tool' },
};

/** A request as Bedrock reads it. */
export const onTheWire = (request: ConverseRequest): ConverseRequest =>
  JSON.parse(wireBytes(request).toString());

/** A foundation model as the simulator has it. */
export function simulatedModel(id: string) {
  const family = simulatedFamilyOf(id);
  const { contextTokens, maxOutputTokens } = family;
  const kind = 'foundation' as const;
  return { id, kind, family, contextTokens, maxOutputTokens, embeds: false, ranks: false, coldStarts: 0 };
}

/** The words of the refusal that `check` ends in; undefined where it ends well. */
export function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof BedrockError) return error.message;
    throw error;
  }
}

/** What the simulator says to a request, in its strict mode; undefined when it takes it. */
export function refusal(id: string, request: ConverseRequest, streams: boolean): string | undefined {
  const model = simulatedModel(id);
  const { family } = model;
  return refusalOf(() => checkConverse(onTheWire(request), { model, family, streams, strict: true }));
}
