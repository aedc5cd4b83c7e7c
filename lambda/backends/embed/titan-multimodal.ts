import type { EmbedFormat } from './embed-format.ts';
import { titanTextV1 } from './titan-text-v1.ts';

export const titanMultimodal: EmbedFormat = {
  toBody: ([inputText = ''], { dimensions }) => ({
    inputText,
    ...(dimensions !== undefined && { embeddingConfig: { outputEmbeddingLength: dimensions } }),
  }),
  fromBody: titanTextV1.fromBody,
};
