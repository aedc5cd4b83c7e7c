import { docs } from '../../docs.ts';
import { common, type Family, family, k, output, type Traits } from './family.ts';

const card = (name: string) =>
  `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-mistral-ai-${name}.html`;
const features =
  'https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html';

const mistral: Traits = {
  ...common,
  assistantLast: false,
  // vercel/ai#11802: tool call ids of nine letters and digits
  toolUseId: 'nine-alphanumerics',
  // strands-agents/harness-sdk#1223
  toolResultsAlone: true,
  toolResultMedia: { image: false, document: 'any', video: false },
};

const classic: Traits = {
  ...mistral,
  contextTokens: k(32),
  ...output(4096, 8192),
  toolsInStream: false,
  toolChoice: { any: true, tool: false },
  document: true,
  structuredOutput: 'tool',
};

const recent: Traits = { ...mistral, structuredOutput: 'native', chat: 'open' };
/** BerriAI/litellm's model map; models.dev has 8K. */
const large: Partial<Traits> = { contextTokens: k(256), maxOutputTokens: k(32), chat: 'open' };

export const mistralAi: readonly Family[] = [
  family(
    'mistral-instruct',
    {
      title: docs && 'Mistral 7B, Mixtral 8x7B',
      match: /^mistral\.(?:mistral-7b|mixtral-8x7b)/,
      source: docs && `recorded; ${features}`,
    },
    classic,
    {
      system: false,
      tools: false,
      toolChoice: { any: false, tool: false },
      structuredOutput: 'prompt',
    },
  ),
  family(
    'pixtral',
    { title: docs && 'Pixtral Large', match: /^mistral\.pixtral/, source: docs && card('pixtral-large') },
    classic,
    { contextTokens: k(128), ...output(16_384), defaultMaxTokens: undefined, image: true },
  ),
  family(
    'mistral-large',
    {
      title: docs && 'Mistral Large (24.07)',
      match: /^mistral\.mistral-large-2407/,
      source: docs && `${card('mistral-large')}; ${features}`,
    },
    classic,
    { contextTokens: k(128), defaultMaxTokens: 8191 },
  ),
  family(
    'mistral-large-2402',
    {
      title: docs && 'Mistral Large (24.02), Small',
      match: /^mistral\.mistral-(?:large|small)-2[45]\d\d/,
      source: docs && `${card('mistral-large')}; ${features}`,
    },
    classic,
  ),
  family(
    'voxtral',
    { title: docs && 'Voxtral', match: /^mistral\.voxtral/, source: docs && card('voxtral-mini-3b-2507') },
    recent,
    { audio: true, contextTokens: 32_768, maxOutputTokens: 8192 },
  ),
  family(
    'devstral',
    {
      title: docs && 'Devstral 2',
      match: /^mistral\.devstral/,
      source: docs && `recorded; ${card('devstral-2-123b')}`,
    },
    mistral,
    large,
  ),
  family(
    'magistral',
    {
      title: docs && 'Magistral Small',
      match: /^mistral\.magistral/,
      source: docs && card('magistral-small-2509'),
    },
    recent,
    { contextTokens: k(128), maxOutputTokens: k(40), image: true },
  ),
  family(
    'ministral-3',
    {
      title: docs && 'Ministral 3',
      match: /^mistral\.ministral/,
      source: docs && `${card('ministral-3-8b')}`,
    },
    recent,
    { contextTokens: k(128), maxOutputTokens: k(8), image: true },
  ),
  family(
    'mistral-large-3',
    {
      title: docs && 'Mistral Large 3 and newer',
      match: /^mistral\./,
      source: docs && `${card('mistral-large-3')}; newer ones assumed alike`,
    },
    recent,
    { ...large, image: true },
  ),
];
