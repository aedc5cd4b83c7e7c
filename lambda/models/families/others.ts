import { docs } from '../../docs.ts';
import { common, type Family, family, k } from './family.ts';

const card = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${name}.html`;
const features =
  'https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html';

export const others: readonly Family[] = [
  family(
    'command-r',
    {
      title: docs && 'Cohere Command R, R+',
      match: /^cohere\.command-r/,
      source: docs && `recorded; ${card('cohere-command-r')}; ${features}`,
    },
    common,
    { contextTokens: k(128), maxOutputTokens: 4096, document: true, topK: 'k' },
  ),
  family(
    'command',
    { title: docs && 'Cohere Command', match: /^cohere\.command-/, source: docs && features },
    common,
    {
      contextTokens: 4096,
      system: false,
      tools: false,
      document: true,
      topK: 'k',
    },
  ),
  family(
    'jamba',
    {
      title: docs && 'AI21 Jamba 1.5',
      match: /^ai21\.jamba/,
      source: docs && `recorded; ${card('ai21-labs-jamba-1-5-large')}; ${features}`,
    },
    common,
    { contextTokens: k(256), maxOutputTokens: 4096, document: true },
  ),
  family(
    'palmyra-vision',
    {
      title: docs && 'Writer Palmyra Vision 7B',
      match: /^writer\.palmyra-vision/,
      source:
        docs &&
        `AWS probe of August 2026 (400 to tools and to a system prompt); ${card('writer-palmyra-vision-7b')}`,
    },
    common,
    { contextTokens: k(4), system: false, tools: false, image: true, structuredOutput: 'native' },
  ),
  family(
    'palmyra',
    {
      title: docs && 'Writer Palmyra X4, X5',
      match: /^writer\./,
      source: docs && `${card('writer-palmyra-x5')}; pydantic-ai (no status in tool results)`,
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
