import { type BodySchema, malformed, text } from './body-schema.ts';

/** How a family of embedding models is asked and answers. `Body` is what its schema lets through. */
export interface EmbeddingModel<Body = unknown> {
  match: RegExp;
  schema: BodySchema;
  texts(body: Body): string[];
  /** Images in base64 or as data URLs; a vector is made of each, and of its text. */
  images?(body: Body): string[];
  /** Refuses what the schema cannot say. Throws BedrockError. */
  check?(body: Body): void;
  dimensions(body: Body): number;
  /** `tokens`: of all texts. */
  answer(vectors: number[][], body: Body, tokens: number): unknown;
  maxTokens: number;
}

interface TitanBody {
  inputText: string;
  inputImage?: string;
  dimensions?: number;
  embeddingConfig?: { outputEmbeddingLength?: number };
}
interface CohereBody {
  texts?: string[];
  images?: string[];
  inputs?: { content: { type: string; text?: string; image_url?: string }[] }[];
  input_type: string;
  output_dimension?: number;
  embedding_types?: string[];
}
interface MarengoBody {
  inputType: string;
  text?: { inputText: string };
  image?: { mediaSource: { base64String: string } };
  text_image?: { inputText: string; mediaSource: { base64String: string } };
}
interface NovaBody {
  singleEmbeddingParams: {
    embeddingDimension?: number;
    text?: { value: string };
    image?: { source: { bytes: string } };
  };
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
const media = object({ base64String: text }, 'base64String');
const part = object({ type: oneOf('text', 'image_url'), text, image_url: text }, 'type');
const wordsIn = ({ content }: NonNullable<CohereBody['inputs']>[number]) =>
  content.flatMap(({ text }) => text ?? []);
const picturesIn = ({ content }: NonNullable<CohereBody['inputs']>[number]) =>
  content.flatMap(({ image_url }) => image_url ?? []);
const flag: BodySchema = { type: 'Boolean' };
const titanText: BodySchema = { type: 'String', minLength: 1, maxLength: 50_000 };

const titanAnswer = ([embedding]: number[][], _: TitanBody, inputTextTokenCount: number) => ({
  embedding,
  inputTextTokenCount,
});
/** Of this API: one kind of input in a call (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html). */
function oneKind({ texts, images, inputs }: CohereBody): void {
  const given = [texts, images, inputs].filter((each) => each !== undefined);
  if (given.length !== 1) throw malformed('#: exactly one of [texts], [images] must be provided');
}

const cohereMembers = {
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
        embeddingTypes: { type: 'JSONArray', minItems: 1, items: oneOf('float', 'binary') },
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
    texts: ({ inputText }) => (inputText === undefined ? [] : [inputText]),
    images: ({ inputImage }) => (inputImage === undefined ? [] : [inputImage]),
    check({ inputText, inputImage }) {
      if (inputText === undefined && inputImage === undefined)
        throw malformed('#: required key [inputText] or [inputImage] not found');
    },
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
        texts: { type: 'JSONArray', minItems: 1, maxItems: 96, items: text },
        images: { type: 'JSONArray', minItems: 1, maxItems: 96, items: text },
        inputs: {
          type: 'JSONArray',
          minItems: 1,
          maxItems: 96,
          items: object({ content: { type: 'JSONArray', minItems: 1, items: part } }, 'content'),
        },
        output_dimension: oneOf(256, 512, 1024, 1536),
        max_tokens: { type: 'Integer', minimum: 0, maximum: 128_000 },
        truncate: oneOf('NONE', 'LEFT', 'RIGHT'),
      },
      'input_type',
    ),
    texts: ({ texts, inputs = [] }) => texts ?? inputs.flatMap(wordsIn),
    images: ({ images, inputs = [] }) => images ?? inputs.flatMap(picturesIn),
    check: oneKind,
    dimensions: ({ output_dimension = 1536 }) => output_dimension,
    answer: byType,
    maxTokens: 128_000,
  }),
  of<CohereBody>({
    match: /^cohere\.embed/,
    schema: object(
      {
        ...cohereMembers,
        texts: { type: 'JSONArray', minItems: 1, maxItems: 96, items: { type: 'String', maxLength: 2048 } },
        images: { type: 'JSONArray', minItems: 1, maxItems: 1, items: text },
        truncate: oneOf('NONE', 'START', 'END'),
      },
      'input_type',
    ),
    texts: ({ texts = [] }) => texts,
    images: ({ images = [] }) => images,
    check(body) {
      oneKind(body);
      if ((body.images !== undefined) !== (body.input_type === 'image'))
        throw malformed('#/input_type: image is the input_type of images, and of nothing else');
    },
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
            image: object(
              {
                detailLevel: oneOf('STANDARD_IMAGE', 'DOCUMENT_IMAGE'),
                format: oneOf('png', 'jpeg', 'gif', 'webp'),
                source: object({ bytes: text }, 'bytes'),
              },
              'format',
              'source',
            ),
          },
          'embeddingPurpose',
        ),
      },
      'taskType',
      'singleEmbeddingParams',
    ),
    texts: ({ singleEmbeddingParams: { text } }) => (text ? [text.value] : []),
    images: ({ singleEmbeddingParams: { image } }) => (image ? [image.source.bytes] : []),
    check({ singleEmbeddingParams: { text, image } }) {
      if (Boolean(text) === Boolean(image))
        throw malformed('#/singleEmbeddingParams: exactly one modality must be provided');
    },
    dimensions: ({ singleEmbeddingParams }) => singleEmbeddingParams.embeddingDimension ?? 3072,
    answer: ([embedding], { singleEmbeddingParams: { image } }) => ({
      embeddings: [{ embeddingType: image ? 'IMAGE' : 'TEXT', embedding }],
    }),
    maxTokens: 8192,
  }),
  of<{ inputType: string; inputText?: string; mediaSource?: { base64String: string } }>({
    match: /^twelvelabs\.marengo-embed-2/,
    schema: object(
      {
        inputType: oneOf('text', 'image'),
        inputText: text,
        textTruncate: oneOf('end', 'none'),
        mediaSource: media,
      },
      'inputType',
    ),
    texts: ({ inputText }) => (inputText === undefined ? [] : [inputText]),
    images: ({ mediaSource }) => (mediaSource ? [mediaSource.base64String] : []),
    check({ inputType, inputText, mediaSource }) {
      const given = inputType === 'text' ? [inputText, mediaSource] : [mediaSource, inputText];
      if (given[0] === undefined || given[1] !== undefined)
        throw malformed(`#: inputType ${inputType} does not fit what is given`);
    },
    dimensions: () => 1024,
    answer: ([embedding]) => ({ data: [{ embedding }] }),
    maxTokens: Number.POSITIVE_INFINITY,
  }),
  of<MarengoBody>({
    match: /^twelvelabs\.marengo-embed/,
    schema: object(
      {
        inputType: oneOf('text', 'image', 'text_image'),
        text: object({ inputText: text }, 'inputText'),
        image: object({ mediaSource: media }, 'mediaSource'),
        text_image: object({ inputText: text, mediaSource: media }, 'inputText', 'mediaSource'),
      },
      'inputType',
    ),
    texts: ({ text, text_image }) => [text ?? text_image].flatMap((each) => each?.inputText ?? []),
    images: ({ image, text_image }) =>
      [image ?? text_image].flatMap((each) => each?.mediaSource.base64String ?? []),
    check({ inputType, ...given }) {
      if (Object.keys(given).join() !== inputType)
        throw malformed(`#: inputType ${inputType} does not fit what is given`);
    },
    dimensions: () => 512,
    answer: ([embedding]) => ({ data: [{ embedding }] }),
    maxTokens: 500,
  }),
];
