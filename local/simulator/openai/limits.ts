import { estimateTokens } from '../answer/tokens.ts';
import type { ConverseRequest } from '../converse/request.ts';
import { invalid } from '../errors.ts';
import type { SimulatedModel } from '../models/model.ts';
import { contextOverflow } from '../scenarios/refusals.ts';

/** Refuses an answer that is longer than the model's longest, and a prompt that does not fit. Throws BedrockError. */
export function checkLimits(request: ConverseRequest, model: SimulatedModel, limitName: string): void {
  const { maxTokens = 0 } = request.inferenceConfig ?? {};
  if (maxTokens > model.maxOutputTokens)
    throw invalid(
      `${limitName} is too large: ${maxTokens}. This model supports at most ${model.maxOutputTokens} completion tokens, whereas you provided ${maxTokens}.`,
    );
  const tokens = estimateTokens(request);
  if (tokens > model.contextTokens) throw contextOverflow(model.family.provider, tokens, model.contextTokens);
}
