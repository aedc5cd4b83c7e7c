import { docs } from '../../docs.ts';
import { common, type Family, family, k, type Traits } from './family.ts';

const card = (name: string) =>
  `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-amazon-${name}.html`;

const nova: Traits = {
  ...common,
  contextTokens: k(300),
  // The first cards said 5K, https://docs.aws.amazon.com/nova/latest/userguide and today's say 10K.
  maxOutputTokens: k(10),
  defaultMaxTokens: 'unsent',
  tokenizer: 'nova',
  toolChoice: { any: true, tool: true },
  // SEMOSS#2892: a hyphen fails every time with "Model produced invalid sequence as part of ToolUse".
  hyphenInToolNames: false,
  toolResultStatus: true,
  toolResultMedia: { image: true, document: 'text', video: false },
  image: true,
  document: true,
  video: true,
  topK: 'inferenceConfig.topK',
  structuredOutput: 'tool',
  schemaRules: 'nova',
  // hermes#97289 (tools), BerriAI/litellm#17479 (after a tool result)
  caching: { tools: false, ttl1h: false, afterToolResult: false, minTokens: 1000 },
  serviceTiers: ['default', 'priority', 'flex'],
};

const titan: Traits = {
  ...common,
  system: false,
  tools: false,
  document: true,
};

export const amazon: readonly Family[] = [
  family(
    'nova-micro',
    {
      title: docs && 'Nova Micro',
      match: /^amazon\.nova-micro/,
      source: docs && `recorded; ${card('nova-micro')}`,
    },
    nova,
    {
      contextTokens: k(128),
      image: false,
      document: false,
      video: false,
      toolResultMedia: { image: false, document: false, video: false },
    },
  ),
  family(
    'nova',
    {
      title: docs && 'Nova Lite, Pro',
      match: /^amazon\.nova-(?:lite|pro)/,
      source: docs && `recorded; ${card('nova-pro')}`,
    },
    nova,
  ),
  family(
    'nova-premier',
    { title: docs && 'Nova Premier', match: /^amazon\.nova-premier/, source: docs && card('nova-premier') },
    nova,
    { contextTokens: k(1000), serviceTiers: undefined },
  ),
  family(
    'nova-2',
    {
      title: docs && 'Nova 2 Lite',
      match: /^amazon\.nova-[2-9]/,
      source:
        docs && `recorded (reasoningConfig, topK, assistant last, nova_grounding); ${card('nova-2-lite')}`,
    },
    nova,
    {
      contextTokens: k(1000),
      maxOutputTokens: k(64),
      defaultMaxTokens: undefined,
      tokenizer: 'nova-2',
      // Recorded with additionalProperties at the root.
      schemaRules: undefined,
      reasoning: { kind: 'nova' },
      webSearchTool: 'nova_grounding',
    },
  ),
  family(
    'titan-text',
    {
      title: docs && 'Titan Text',
      match: /^amazon\.titan-(?:text|tg1)/,
      source:
        docs &&
        'recorded (stop sequences, temperature with top_p); https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html',
    },
    titan,
  ),
];
