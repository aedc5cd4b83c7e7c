import type { EmbedFormat, Members } from './embed-format.ts';

export const cohereV3: EmbedFormat = {
  toBody: (texts, { inputType = 'search_document', truncate }) => ({
    texts: [...texts],
    // Required by the model; OpenAI's API has no word for it, and most texts are documents.
    input_type: inputType,
    ...(truncate !== undefined && { truncate }),
  }),
  fromBody: ({ embeddings }) => ({ vectors: floats(embeddings) }),
};

/** A list, or by type where types were asked for (and always in v4, recorded). */
function floats(embeddings: unknown): number[][] | undefined {
  const vectors = Array.isArray(embeddings) ? embeddings : (embeddings as Members | undefined)?.float;
  return Array.isArray(vectors) ? (vectors as number[][]) : undefined;
}
