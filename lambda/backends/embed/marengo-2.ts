import type { EmbedFormat, Members } from './embed-format.ts';
import { oneVector } from './embed-format.ts';

export const marengo2: EmbedFormat = {
  toBody: ([inputText = ''], { truncate }) => ({
    inputType: 'text',
    inputText,
    ...(truncate !== undefined && { textTruncate: truncate }),
  }),
  fromBody({ data, embedding }) {
    const first = Array.isArray(data) ? (data as Members[])[0] : { embedding };
    return { vectors: oneVector(first?.embedding) };
  },
};
