import type { ConverseRequest, InferenceConfig, JsonObject } from '../../canonical/types.ts';
import { field } from '../../fields.ts';
import { cannotCarry } from './refuse.ts';

/** What a format calls each sampling parameter; absent: it has none of that kind. */
export interface FieldNames {
  maxTokens: string;
  stop?: string;
}

/**
 * The sampling parameters of a format that has a prompt, and the model's own ones as the client gave them.
 * Throws a 400 for what the format has no name for.
 */
export function completionFields(request: ConverseRequest, names: FieldNames): JsonObject {
  const { maxTokens, temperature, topP, stopSequences }: InferenceConfig = request.inferenceConfig ?? {};
  const { stream: _, ...extra } = request.additionalModelRequestFields ?? {};
  if (stopSequences?.length && !names.stop) throw cannotCarry('stop sequences', field('stopSequences'));
  return {
    ...extra,
    ...(maxTokens !== undefined && { [names.maxTokens]: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(names.stop && stopSequences?.length && { [names.stop]: stopSequences }),
  };
}

/** Throws a 400 for a schema that the answer must keep, in formats that have no word for one. */
export function refuseSchema({ outputConfig }: ConverseRequest): void {
  if (outputConfig?.textFormat) throw cannotCarry('a schema of the answer', field('outputFormat'));
}
