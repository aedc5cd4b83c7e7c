import type { EmbedFormat } from './embed-format.ts';
import { oneVector } from './embed-format.ts';

export const titanTextV1: EmbedFormat = {
  toBody: ([inputText = '']) => ({ inputText }),
  fromBody: ({ embedding, inputTextTokenCount }) => ({
    vectors: oneVector(embedding),
    inputTokens: inputTextTokenCount as number | undefined,
  }),
};
