import { invalid } from '../errors.ts';
import type { Operation } from '../operation.ts';
import { embed } from './embeddings.ts';
import { generate } from './generate.ts';

/** POST /model/{modelId}/invoke. */
export const invoke: Operation = (call) => (call.model.embeds ? embed(call) : generate(call, false));

/** POST /model/{modelId}/invoke-with-response-stream. */
export const invokeStream: Operation = (call) => {
  if (call.model.embeds) throw invalid('The model is unsupported for streaming.');
  return generate(call, true);
};
