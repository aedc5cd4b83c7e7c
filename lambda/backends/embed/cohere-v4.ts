import { cohereV3 } from './cohere-v3.ts';
import type { EmbedFormat } from './embed-format.ts';

export const cohereV4: EmbedFormat = {
  toBody: (texts, options) => ({
    ...cohereV3.toBody(texts, options),
    ...(options.dimensions !== undefined && { output_dimension: options.dimensions }),
  }),
  fromBody: cohereV3.fromBody,
};
