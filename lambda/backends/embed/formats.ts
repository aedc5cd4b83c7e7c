import { first, type Members, members } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { EmbedOptions } from '../../models/embeddings/contract.ts';
import type { EmbeddingFormat } from '../../models/embeddings/families.ts';

/** How a family of embedding models is asked and answers. */
export interface EmbedFormat {
  toBody(texts: readonly string[], options: EmbedOptions): JsonObject;
  /** `vectors` is undefined for a body that is no answer; `inputTokens` where the body does not count. */
  fromBody(body: Members): { vectors?: number[][]; inputTokens?: number };
}

const titanTextV1: EmbedFormat = {
  toBody: ([inputText = '']) => ({ inputText }),
  fromBody: ({ embedding, inputTextTokenCount }) => ({
    vectors: oneVector(embedding),
    inputTokens: inputTextTokenCount as number | undefined,
  }),
};

const titanTextV2: EmbedFormat = {
  toBody: ([inputText = ''], { dimensions, normalize }) => ({
    inputText,
    ...(dimensions !== undefined && { dimensions }),
    ...(normalize !== undefined && { normalize }),
  }),
  fromBody: titanTextV1.fromBody,
};

const titanMultimodal: EmbedFormat = {
  toBody: ([inputText = ''], { dimensions }) => ({
    inputText,
    ...(dimensions !== undefined && { embeddingConfig: { outputEmbeddingLength: dimensions } }),
  }),
  fromBody: titanTextV1.fromBody,
};

const cohereV3: EmbedFormat = {
  toBody: (texts, { inputType = 'search_document', truncate }) => ({
    texts: [...texts],
    // Required by the model; OpenAI's API has no word for it, and most texts are documents.
    input_type: inputType,
    ...(truncate !== undefined && { truncate }),
  }),
  fromBody: ({ embeddings }) => ({ vectors: floats(embeddings) }),
};

const cohereV4: EmbedFormat = {
  toBody: (texts, options) => ({
    ...cohereV3.toBody(texts, options),
    ...(options.dimensions !== undefined && { output_dimension: options.dimensions }),
  }),
  fromBody: cohereV3.fromBody,
};

const nova: EmbedFormat = {
  toBody: ([value = ''], { dimensions, inputType = 'GENERIC_INDEX', truncate = 'NONE' }) => ({
    taskType: 'SINGLE_EMBEDDING',
    singleEmbeddingParams: {
      embeddingPurpose: inputType,
      ...(dimensions !== undefined && { embeddingDimension: dimensions }),
      // Required; a text that is too long is refused unless the client says where to cut it.
      text: { truncationMode: truncate, value },
    },
  }),
  fromBody: ({ embeddings }) => ({ vectors: oneVector(first(embeddings).embedding) }),
};

const marengo2: EmbedFormat = {
  toBody: ([inputText = ''], { truncate }) => ({
    inputType: 'text',
    inputText,
    ...(truncate !== undefined && { textTruncate: truncate }),
  }),
  fromBody: ({ data, embedding }) => ({
    vectors: oneVector(Array.isArray(data) ? first(data).embedding : embedding),
  }),
};

const marengo3: EmbedFormat = {
  toBody: ([inputText = '']) => ({ inputType: 'text', text: { inputText } }),
  fromBody: marengo2.fromBody,
};

export const embedFormats: Readonly<Record<EmbeddingFormat, EmbedFormat>> = {
  'titan-text-v1': titanTextV1,
  'titan-text-v2': titanTextV2,
  'titan-multimodal': titanMultimodal,
  'cohere-v3': cohereV3,
  'cohere-v4': cohereV4,
  nova,
  'marengo-2': marengo2,
  'marengo-3': marengo3,
};

/** A list with one vector, if that is what it is. */
function oneVector(embedding: unknown): number[][] | undefined {
  return Array.isArray(embedding) ? [embedding as number[]] : undefined;
}

/** A list, or by type where types were asked for (and always in v4, recorded). */
function floats(embeddings: unknown): number[][] | undefined {
  const vectors = Array.isArray(embeddings) ? embeddings : members(embeddings).float;
  return Array.isArray(vectors) ? (vectors as number[][]) : undefined;
}
