import { first, type Members, members } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { EmbedImage, EmbedOptions } from '../../models/embeddings/contract.ts';
import type { EmbeddingFormat } from '../../models/embeddings/families.ts';

/** How a family of embedding models is asked and answers. */
export interface EmbedFormat {
  toBody(texts: readonly string[], options: EmbedOptions): JsonObject;
  /** The same for an image, with the text that it is embedded with, if there is one; absent: the family takes none. */
  toImageBody?(image: EmbedImage, text: string | undefined, options: EmbedOptions): JsonObject;
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

const ofLength = ({ dimensions }: EmbedOptions): JsonObject =>
  dimensions === undefined ? {} : { embeddingConfig: { outputEmbeddingLength: dimensions } };

const titanMultimodal: EmbedFormat = {
  toBody: ([inputText = ''], options) => ({ inputText, ...ofLength(options) }),
  toImageBody: ({ bytes: inputImage }, inputText, options) => ({
    ...(inputText !== undefined && { inputText }),
    inputImage,
    ...ofLength(options),
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
  toImageBody: (image) => ({ images: [dataUrl(image)], input_type: 'image' }),
  fromBody: ({ embeddings }) => ({ vectors: floats(embeddings) }),
};

const dataUrl = ({ bytes, format }: EmbedImage) => `data:image/${format};base64,${bytes}`;

const cohereV4: EmbedFormat = {
  toBody: (texts, options) => ({ ...cohereV3.toBody(texts, options), ...ofSize(options) }),
  // Its images are of the same purposes as its texts; `image` is v3's.
  toImageBody: (image, text, { inputType = 'search_document', ...options }) => {
    const words: JsonObject[] = text === undefined ? [] : [{ type: 'text', text }];
    const content = [...words, { type: 'image_url', image_url: dataUrl(image) }];
    return { inputs: [{ content }], input_type: inputType, ...ofSize(options) };
  },
  fromBody: cohereV3.fromBody,
};

const ofSize = ({ dimensions }: EmbedOptions): JsonObject =>
  dimensions === undefined ? {} : { output_dimension: dimensions };

const nova: EmbedFormat = {
  toBody: ([value = ''], options) =>
    // Required; a text that is too long is refused unless the client says where to cut it.
    single(options, { text: { truncationMode: options.truncate ?? 'NONE', value } }),
  toImageBody: ({ bytes, format }, _, options) => single(options, { image: { format, source: { bytes } } }),
  fromBody: ({ embeddings }) => ({ vectors: oneVector(first(embeddings).embedding) }),
};

const single = ({ dimensions, inputType = 'GENERIC_INDEX' }: EmbedOptions, what: JsonObject): JsonObject => ({
  taskType: 'SINGLE_EMBEDDING',
  singleEmbeddingParams: {
    embeddingPurpose: inputType,
    ...(dimensions !== undefined && { embeddingDimension: dimensions }),
    ...what,
  },
});

const marengo2: EmbedFormat = {
  toBody: ([inputText = ''], { truncate }) => ({
    inputType: 'text',
    inputText,
    ...(truncate !== undefined && { textTruncate: truncate }),
  }),
  toImageBody: ({ bytes: base64String }) => ({ inputType: 'image', mediaSource: { base64String } }),
  fromBody: ({ data, embedding }) => ({
    vectors: oneVector(Array.isArray(data) ? first(data).embedding : embedding),
  }),
};

const marengo3: EmbedFormat = {
  toBody: ([inputText = '']) => ({ inputType: 'text', text: { inputText } }),
  toImageBody: ({ bytes: base64String }, inputText): JsonObject => {
    const mediaSource = { base64String };
    if (inputText === undefined) return { inputType: 'image', image: { mediaSource } };
    return { inputType: 'text_image', text_image: { inputText, mediaSource } };
  },
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
