import { converse } from './converse/converse.ts';
import { converseStream } from './converse/converse-stream.ts';
import { countTokens } from './count-tokens.ts';
import { invoke, invokeStream } from './invoke/invoke.ts';
import type { ModelOperation, Operation } from './operation.ts';

/** What can be done with a model, by the last word of `POST /model/{modelId}/{operation}`. */
export const operations: Partial<Record<ModelOperation, Operation>> = {
  converse,
  'converse-stream': converseStream,
  invoke,
  'invoke-with-response-stream': invokeStream,
  'count-tokens': countTokens,
};
