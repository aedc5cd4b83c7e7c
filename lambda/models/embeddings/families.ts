import { baseModelId } from '../names/model-id.ts';
import type { Target } from '../target.ts';
import type { EmbedImage } from './contract.ts';

/** Body formats of embedding models; `backends/embed/formats.ts` has each. */
export const embeddingFormats = [
  'titan-text-v1',
  'titan-text-v2',
  'titan-multimodal',
  'cohere-v3',
  'cohere-v4',
  'nova',
  'marengo-2',
  'marengo-3',
] as const;
export type EmbeddingFormat = (typeof embeddingFormats)[number];

/** What a text is for; the words of Cohere, and those that Nova has beyond them. */
export const inputTypes = [
  'search_document',
  'search_query',
  'classification',
  'clustering',
  'text_retrieval',
  'image_retrieval',
  'video_retrieval',
  'document_retrieval',
  'audio_retrieval',
] as const;
export type InputType = (typeof inputTypes)[number];

export const truncations = ['none', 'start', 'end'] as const;
export type Truncation = (typeof truncations)[number];

/** Embedding models that behave alike. */
export interface EmbeddingFamily {
  title: string;
  /** Of the base model id, in lower case. */
  match: RegExp;
  source: string;
  format: EmbeddingFormat;
  /** Sizes a vector may have, the default first; a single one cannot be asked for in the body. */
  dimensions: readonly [number, ...number[]];
  /** Texts in one call. */
  maxTexts: number;
  /** Characters that Bedrock's schema allows a text. It is never cut or refused by this, only explained. */
  maxCharacters?: number;
  /** The family's own words; absent: it has no such choice. */
  inputTypes?: Partial<Readonly<Record<InputType, string>>>;
  truncations?: Partial<Readonly<Record<Truncation, string>>>;
  /** Tokens of a text, where Bedrock does not say them when it refuses one (the model's page). */
  maxTokens?: number;
  /** Takes images, too; absent: texts alone. */
  images?: {
    formats: readonly EmbedImage['format'][];
    /** One vector can be made of an image and a text together. */
    withText: boolean;
  };
  /** Takes `normalize`; the others' vectors can be normalised afterwards. */
  normalizes: boolean;
}

const guide = (page: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/${page}.html`;
const cohereTypes = {
  search_document: 'search_document',
  search_query: 'search_query',
  classification: 'classification',
  clustering: 'clustering',
};

export const embeddingFamilies: readonly EmbeddingFamily[] = [
  {
    title: 'Amazon Titan Text Embeddings V2',
    match: /^amazon\.titan-embed-text-v2/,
    source: `recorded; ${guide('model-parameters-titan-embed-text')}`,
    format: 'titan-text-v2',
    dimensions: [1024, 512, 256],
    maxTexts: 1,
    maxTokens: 8192,
    normalizes: true,
  },
  {
    title: 'Amazon Titan Multimodal Embeddings G1',
    match: /^amazon\.titan-embed-image/,
    source: guide('model-parameters-titan-embed-mm'),
    format: 'titan-multimodal',
    dimensions: [1024, 384, 256],
    maxTexts: 1,
    maxTokens: 256,
    images: { formats: ['png', 'jpeg'], withText: true },
    normalizes: false,
  },
  {
    title: 'Amazon Titan Embeddings G1 - Text',
    match: /^amazon\.titan-embed/,
    source: `recorded; ${guide('model-parameters-titan-embed-text')}`,
    format: 'titan-text-v1',
    dimensions: [1536],
    maxTexts: 1,
    maxTokens: 8192,
    normalizes: false,
  },
  {
    title: 'Cohere Embed v4',
    match: /^cohere\.embed-v4/,
    source: `recorded; ${guide('model-parameters-embed-v4')}`,
    format: 'cohere-v4',
    dimensions: [1536, 1024, 512, 256],
    maxTexts: 96,
    inputTypes: cohereTypes,
    truncations: { none: 'NONE', start: 'LEFT', end: 'RIGHT' },
    maxTokens: 128_000,
    images: { formats: ['png', 'jpeg', 'gif', 'webp'], withText: true },
    normalizes: false,
  },
  {
    title: 'Cohere Embed v3',
    match: /^cohere\.embed/,
    source: `recorded; ${guide('model-parameters-embed-v3')}`,
    format: 'cohere-v3',
    dimensions: [1024],
    maxTexts: 96,
    maxCharacters: 2048,
    images: { formats: ['png', 'jpeg'], withText: false },
    inputTypes: cohereTypes,
    truncations: { none: 'NONE', start: 'START', end: 'END' },
    normalizes: false,
  },
  {
    title: 'Amazon Nova Multimodal Embeddings',
    match: /^amazon\.nova-.*embed/,
    source: 'recorded; https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html',
    format: 'nova',
    dimensions: [3072, 1024, 384, 256],
    maxTexts: 1,
    maxTokens: 8192,
    images: { formats: ['png', 'jpeg', 'gif', 'webp'], withText: false },
    inputTypes: {
      search_document: 'GENERIC_INDEX',
      search_query: 'GENERIC_RETRIEVAL',
      classification: 'CLASSIFICATION',
      clustering: 'CLUSTERING',
      text_retrieval: 'TEXT_RETRIEVAL',
      image_retrieval: 'IMAGE_RETRIEVAL',
      video_retrieval: 'VIDEO_RETRIEVAL',
      document_retrieval: 'DOCUMENT_RETRIEVAL',
      audio_retrieval: 'AUDIO_RETRIEVAL',
    },
    truncations: { none: 'NONE', start: 'START', end: 'END' },
    normalizes: false,
  },
  {
    title: 'TwelveLabs Marengo Embed 2.7',
    match: /^twelvelabs\.marengo-embed-2/,
    source: guide('model-parameters-marengo'),
    format: 'marengo-2',
    dimensions: [1024],
    maxTexts: 1,
    truncations: { none: 'none', end: 'end' },
    maxTokens: 77,
    images: { formats: ['png', 'jpeg'], withText: false },
    normalizes: false,
  },
  {
    title: 'TwelveLabs Marengo Embed 3.0',
    match: /^twelvelabs\.marengo-embed/,
    source: guide('model-parameters-marengo-3'),
    format: 'marengo-3',
    dimensions: [512],
    maxTexts: 1,
    maxTokens: 500,
    images: { formats: ['png', 'jpeg'], withText: true },
    normalizes: false,
  },
];

/** The family of a model id, profile id or ARN that shows its model; undefined where it makes no embeddings. */
export function embeddingFamilyOf(modelId: string): EmbeddingFamily | undefined {
  const base = baseModelId(modelId);
  return embeddingFamilies.find(({ match }) => match.test(base));
}

/** The same for a target: the model behind a profile or deployment decides. */
export function embeddingFamilyOfTarget(target: Pick<Target, 'id' | 'underlying'>) {
  return embeddingFamilyOf(target.underlying ?? target.id);
}
