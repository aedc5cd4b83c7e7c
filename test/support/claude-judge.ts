import type { NativeRequest } from '../../lambda/canonical/native.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { BedrockError } from '../../local/simulator/errors.ts';
import { checkMessages } from '../../local/simulator/invoke/claude/validate.ts';
import { familyOf } from '../../local/simulator/models/families.ts';
import { textModels } from './simulated-models.ts';

/** Every Claude of the simulator's catalogue that speaks the Messages API. */
export const claudes = textModels.filter((id) => capabilitiesOf(id).messages !== undefined);

/** What the simulator says to a body of InvokeModel; undefined when it takes it. */
export function messagesRefusal(id: string, { body }: Pick<NativeRequest, 'body'>): string | undefined {
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
    checkMessages(JSON.parse(JSON.stringify(body)), model, { streams: true, counting: false });
    return undefined;
  } catch (error) {
    if (error instanceof BedrockError) return error.message;
    throw error;
  }
}
