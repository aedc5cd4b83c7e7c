import type { EmbedFormat } from './embed-format.ts';
import { titanTextV1 } from './titan-text-v1.ts';

export const titanTextV2: EmbedFormat = {
  toBody: ([inputText = ''], { dimensions, normalize }) => ({
    inputText,
    ...(dimensions !== undefined && { dimensions }),
    ...(normalize !== undefined && { normalize }),
  }),
  fromBody: titanTextV1.fromBody,
};
