import { anything, type BodySchema, text } from './body-schema.ts';

/** How a family of embedding models is asked and answers. `Body` is what its schema lets through. */
export interface EmbeddingModel<Body = unknown> {
  match: RegExp;
  schema: BodySchema;
  texts(body: Body): string[];
  dimensions(body: Body): number;
  /** `tokens`: of all texts. */
  answer(vectors: number[][], body: Body, tokens: number): unknown;
  maxTokens: number;
}

interface TitanBody {
  inputText: string;
  dimensions?: number;
  embeddingConfig?: { outputEmbeddingLength?: number };
}
interface CohereBody {
  texts?: string[];
  output_dimension?: number;
  embedding_types?: string[];
}
interface NovaBody {
  singleEmbeddingParams: { embeddingDimension?: number; text: { value: string } };
}

const object = (members: BodySchema['members'], ...required: string[]): BodySchema => ({
  type: 'JSONObject',
  members,
  required,
});
const oneOf = (...values: (string | number)[]): BodySchema => ({
  type: typeof values[0] === 'number' ? 'Integer' : 'String',
  enum: values,
});
const flag: BodySchema = { type: 'Boolean' };
const titanText: BodySchema = { type: 'String', minLength: 1, maxLength: 50_000 };

const titanAnswer = ([embedding]: number[][], _: TitanBody, inputTextTokenCount: number) => ({
  embedding,
  inputTextTokenCount,
});
const cohereMembers = {
  images: anything('JSONArray'),
  input_type: oneOf('search_document', 'search_query', 'classification', 'clustering', 'image'),
  embedding_types: { type: 'JSONArray', items: oneOf('float', 'int8', 'uint8', 'binary', 'ubinary') },
} as const satisfies BodySchema['members'];

/** Vectors as floats, whatever other types were asked for. */
const byType = (vectors: number[][], { texts }: CohereBody) => ({
  id: 'd886db43-3fce-4d1e-8f04-1fc0be112a71',
  texts,
  embeddings: { float: vectors },
  response_type: 'embeddings_by_type',
});

/** Says the type of a row's body. */
const of = <Body>(model: EmbeddingModel<Body>): EmbeddingModel => model;

/** The first whose pattern matches a model's id. Sizes and limits are those of AWS's model pages. */
export const embeddingModels: readonly EmbeddingModel[] = [
  of<TitanBody>({
    match: /^amazon\.titan-embed-text-v2/,
    schema: object(
      {
        inputText: titanText,
        dimensions: oneOf(1024, 512, 256),
        normalize: flag,
        embeddingTypes: anything('JSONArray'),
      },
      'inputText',
    ),
    texts: ({ inputText }) => [inputText],
    dimensions: ({ dimensions = 1024 }) => dimensions,
    answer: ([embedding], _, inputTextTokenCount) => ({
      embedding,
      embeddingsByType: { float: embedding },
      inputTextTokenCount,
    }),
    maxTokens: 8192,
  }),
  of<TitanBody>({
    match: /^amazon\.titan-embed-image/,
    schema: object({
      inputText: titanText,
      inputImage: text,
      embeddingConfig: object({ outputEmbeddingLength: oneOf(1024, 384, 256) }),
    }),
    texts: ({ inputText = '' }) => [inputText],
    dimensions: ({ embeddingConfig }) => embeddingConfig?.outputEmbeddingLength ?? 1024,
    answer: (vectors, body, tokens) => ({ ...titanAnswer(vectors, body, tokens), message: null }),
    maxTokens: 256,
  }),
  of<TitanBody>({
    match: /^amazon\.titan-embed/,
    schema: object({ inputText: titanText }, 'inputText'),
    texts: ({ inputText }) => [inputText],
    dimensions: () => 1536,
    answer: titanAnswer,
    maxTokens: 8192,
  }),
  of<CohereBody>({
    match: /^cohere\.embed-v4/,
    schema: object(
      {
        ...cohereMembers,
        texts: { type: 'JSONArray', maxItems: 96, items: text },
        inputs: anything('JSONArray'),
        output_dimension: oneOf(256, 512, 1024, 1536),
        max_tokens: { type: 'Integer', minimum: 0, maximum: 128_000 },
        truncate: oneOf('NONE', 'LEFT', 'RIGHT'),
      },
      'input_type',
    ),
    texts: ({ texts = [] }) => texts,
    dimensions: ({ output_dimension = 1536 }) => output_dimension,
    answer: byType,
    maxTokens: 128_000,
  }),
  of<CohereBody>({
    match: /^cohere\.embed/,
    schema: object(
      {
        ...cohereMembers,
        texts: { type: 'JSONArray', maxItems: 96, items: { type: 'String', maxLength: 2048 } },
        truncate: oneOf('NONE', 'START', 'END'),
      },
      'input_type',
    ),
    texts: ({ texts = [] }) => texts,
    dimensions: () => 1024,
    answer: (vectors, body) =>
      body.embedding_types
        ? byType(vectors, body)
        : {
            embeddings: vectors,
            id: '0e9cb5ab-1fef-46eb-8e2c-773f0f60f39d',
            response_type: 'embeddings_floats',
            // In small letters, unlike v4 (recorded).
            texts: body.texts?.map((each) => each.toLowerCase()),
          },
    maxTokens: 128_000,
  }),
  of<NovaBody>({
    match: /^amazon\.nova-.*embed/,
    schema: object(
      {
        schemaVersion: oneOf('nova-multimodal-embed-v1'),
        taskType: oneOf('SINGLE_EMBEDDING'),
        singleEmbeddingParams: object(
          {
            embeddingPurpose: oneOf(
              'GENERIC_INDEX',
              'GENERIC_RETRIEVAL',
              'TEXT_RETRIEVAL',
              'IMAGE_RETRIEVAL',
              'VIDEO_RETRIEVAL',
              'DOCUMENT_RETRIEVAL',
              'AUDIO_RETRIEVAL',
              'CLASSIFICATION',
              'CLUSTERING',
            ),
            embeddingDimension: oneOf(256, 384, 1024, 3072),
            text: object(
              {
                truncationMode: oneOf('START', 'END', 'NONE'),
                value: { type: 'String', minLength: 1, maxLength: 8192 },
              },
              'truncationMode',
              'value',
            ),
          },
          'embeddingPurpose',
          'text',
        ),
      },
      'taskType',
      'singleEmbeddingParams',
    ),
    texts: ({ singleEmbeddingParams }) => [singleEmbeddingParams.text.value],
    dimensions: ({ singleEmbeddingParams }) => singleEmbeddingParams.embeddingDimension ?? 3072,
    answer: ([embedding]) => ({ embeddings: [{ embeddingType: 'TEXT', embedding }] }),
    maxTokens: 8192,
  }),
  of<{ inputText: string }>({
    match: /^twelvelabs\.marengo-embed-2/,
    schema: object(
      { inputType: oneOf('text'), inputText: text, textTruncate: oneOf('end', 'none') },
      'inputType',
      'inputText',
    ),
    texts: ({ inputText }) => [inputText],
    dimensions: () => 1024,
    answer: ([embedding]) => ({ data: [{ embedding }] }),
    maxTokens: Number.POSITIVE_INFINITY,
  }),
  of<{ text: { inputText: string } }>({
    match: /^twelvelabs\.marengo-embed/,
    schema: object(
      { inputType: oneOf('text'), text: object({ inputText: text }, 'inputText') },
      'inputType',
      'text',
    ),
    texts: ({ text: { inputText } }) => [inputText],
    dimensions: () => 512,
    answer: ([embedding]) => ({ data: [{ embedding }] }),
    maxTokens: 500,
  }),
];
