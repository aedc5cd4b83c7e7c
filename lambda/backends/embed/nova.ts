import type { EmbedFormat, Members } from './embed-format.ts';
import { oneVector } from './embed-format.ts';

export const nova: EmbedFormat = {
  toBody: ([value = ''], { dimensions, inputType = 'GENERIC_INDEX', truncate = 'NONE' }) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose: inputType,
      ...(dimensions !== undefined && { embeddingDimension: dimensions }),
      // Required; a text that is too long is refused unless the client says where to cut it.
      text: { truncationMode: truncate, value },
    },
  }),
  fromBody({ embeddings }) {
    const [first] = Array.isArray(embeddings) ? (embeddings as Members[]) : [];
    return { vectors: oneVector(first?.embedding) };
  },
};
