import { common, type Family, family, k } from './family.ts';

const card = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${name}.html`;
const features =
  'https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html';

export const others: readonly Family[] = [
  family(
    'command-r',
    {
      title: 'Cohere Command R, R+',
      match: /^cohere\.command-r/,
      source: `recorded; ${card('cohere-command-r')}; ${features}`,
    },
    common,
    { contextTokens: k(128), maxOutputTokens: 4096, document: true, topK: 'k' },
  ),
  family('command', { title: 'Cohere Command', match: /^cohere\.command-/, source: features }, common, {
    contextTokens: 4096,
    system: false,
    tools: false,
    document: true,
    topK: 'k',
  }),
  family(
    'jamba',
    {
      title: 'AI21 Jamba 1.5',
      match: /^ai21\.jamba/,
      source: `recorded; ${card('ai21-labs-jamba-1-5-large')}; ${features}`,
    },
    common,
    { contextTokens: k(256), maxOutputTokens: 4096, document: true },
  ),
  family(
    'palmyra-vision',
    {
      title: 'Writer Palmyra Vision 7B',
      match: /^writer\.palmyra-vision/,
      source: `AWS probe of August 2026 (400 to tools and to a system prompt); ${card('writer-palmyra-vision-7b')}`,
    },
    common,
    { contextTokens: k(4), system: false, tools: false, image: true, structuredOutput: 'native' },
  ),
  family(
    'palmyra',
    {
      title: 'Writer Palmyra X4, X5',
      match: /^writer\./,
      source: `${card('writer-palmyra-x5')}; pydantic-ai (no status in tool results)`,
    },
    common,
    {
      contextTokens: k(128),
      maxOutputTokens: 8192,
      toolsInStream: false,
      toolResultsAlone: true,
      document: true,
    },
  ),
];
