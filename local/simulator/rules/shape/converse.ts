import {
  blob,
  boolean,
  document,
  integer,
  list,
  number,
  oneOf,
  type Shape,
  string,
  structure,
} from './shape.ts';

/** The constraints of ConverseRequest in the Smithy model of bedrock-runtime (botocore 1.43.107). */

const toolName = string({ min: 1, max: 64, pattern: /[a-zA-Z0-9_-]+/ });
const toolUseId = string({ min: 1, max: 64, pattern: /[a-zA-Z0-9_.:-]+/ });
const s3Location = structure(
  { uri: string({ min: 1, max: 1024 }), bucketOwner: string({ pattern: /[0-9]{12}/ }) },
  'uri',
);
const bytesOrS3 = structure({ bytes: blob, s3Location });
const cachePoint = structure({ type: oneOf('default'), ttl: oneOf('5m', '1h') }, 'type');
const text = string();

const image = structure(
  { format: oneOf('png', 'jpeg', 'gif', 'webp'), source: bytesOrS3 },
  'format',
  'source',
);
const documentBlock = structure(
  {
    name: string({ min: 1, max: 200 }),
    format: oneOf('pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'),
    source: structure({ bytes: blob, s3Location, text, content: list(structure({ text })) }),
    context: string({ min: 1 }),
    citations: structure({ enabled: boolean }, 'enabled'),
  },
  'name',
  'source',
);
const video = structure(
  {
    format: oneOf('mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp'),
    source: bytesOrS3,
  },
  'format',
  'source',
);
const audioFormats = 'mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm'.split(' ');
const audio = structure({ format: oneOf(...audioFormats), source: bytesOrS3 }, 'format', 'source');
const searchResult = structure(
  {
    source: text,
    title: text,
    content: list(structure({ text }, 'text')),
    citations: structure({ enabled: boolean }, 'enabled'),
  },
  'source',
  'title',
  'content',
);
export const guardrailQualifier = oneOf('grounding_source', 'query', 'guard_content');
const guardContent = structure({
  text: structure({ text, qualifiers: list(guardrailQualifier) }, 'text'),
  image: structure({ format: oneOf('png', 'jpeg'), source: structure({ bytes: blob }) }, 'format', 'source'),
});
const tool = structure(
  { type: string({ max: 64 }), name: string({ min: 1, max: 128 }), serverName: string({ max: 128 }) },
  'name',
);

const contentBlock = structure({
  text,
  image,
  document: documentBlock,
  video,
  audio,
  toolUse: structure(
    { toolUseId, name: toolName, input: document, type: text },
    'toolUseId',
    'name',
    'input',
  ),
  toolResult: structure(
    {
      toolUseId,
      content: list(structure({ json: document, text, image, document: documentBlock, video, searchResult })),
      status: oneOf('success', 'error'),
      type: text,
    },
    'toolUseId',
    'content',
  ),
  guardContent,
  cachePoint,
  reasoningContent: structure({
    reasoningText: structure({ text, signature: text }, 'text'),
    redactedContent: blob,
  }),
  citationsContent: structure({ content: list(structure({ text })), citations: list(document) }),
  searchResult,
  toolAddition: structure({ tool }, 'tool'),
  toolRemoval: structure({ tool }, 'tool'),
});

const toolConfig = structure(
  {
    tools: list(
      structure({
        toolSpec: structure(
          {
            name: toolName,
            description: string({ min: 1 }),
            inputSchema: structure({ json: document }),
            strict: boolean,
          },
          'name',
          'inputSchema',
        ),
        systemTool: structure({ name: toolName }, 'name'),
        cachePoint,
      }),
      1,
    ),
    toolChoice: structure({
      auto: structure({}),
      any: structure({}),
      tool: structure({ name: toolName }, 'name'),
    }),
  },
  'tools',
);

const outputConfig = structure({
  textFormat: structure(
    {
      type: oneOf('json_schema'),
      structure: structure({
        jsonSchema: structure(
          { schema: string({ min: 1 }), name: string(), description: string() },
          'schema',
        ),
      }),
    },
    'type',
    'structure',
  ),
  effort: string({ max: 16 }),
});

const metadataText = (min: number): Shape => string({ min, max: 256, pattern: /[a-zA-Z0-9\s:_@$#=/+,\-.]*/ });

export const guardrailIdentifier: Shape = string({
  max: 2048,
  pattern: /|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)/,
});
export const guardrailVersion: Shape = string({ pattern: /|([1-9][0-9]{0,7})|(DRAFT)/ });

export const requestMetadata: Shape = {
  kind: 'map',
  key: metadataText(1),
  value: metadataText(0),
  min: 1,
  max: 16,
};
export const latency: Shape = oneOf('standard', 'optimized');
export const serviceTier: Shape = oneOf('priority', 'default', 'flex', 'reserved');

export const converseShape: Shape = structure({
  messages: list(
    structure({ role: oneOf('user', 'assistant', 'system'), content: list(contentBlock) }, 'role', 'content'),
  ),
  system: list(structure({ text: string({ min: 1 }), guardContent, cachePoint })),
  inferenceConfig: structure({
    maxTokens: integer(1),
    temperature: number(0, 1),
    topP: number(0, 1),
    stopSequences: list(string({ min: 1 }), 0, 2500),
  }),
  toolConfig,
  guardrailConfig: structure({
    guardrailIdentifier,
    guardrailVersion,
    trace: oneOf('enabled', 'disabled', 'enabled_full'),
    streamProcessingMode: oneOf('sync', 'async'),
  }),
  additionalModelRequestFields: document,
  additionalModelResponseFieldPaths: list(string({ min: 1, max: 256 }), 0, 10),
  requestMetadata,
  performanceConfig: structure({ latency }),
  serviceTier: structure({ type: serviceTier }, 'type'),
  outputConfig,
});
