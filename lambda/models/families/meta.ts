import { docs } from '../../docs.ts';
import { common, type Family, family, k, output, type Traits } from './family.ts';

const card = (name: string) =>
  `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-meta-llama-${name}.html`;
const features =
  'https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html';

const llama: Traits = {
  ...common,
  contextTokens: k(128),
  // The cards say 4K; BerriAI/litellm says 8K of the smallest.
  ...output(4096, 8192),
  // earendil-works/pi#3739: "This model doesn't support tool use in streaming mode."
  toolsInStream: false,
  // browser-use#710: "Conversation blocks and tool result blocks cannot be provided in the same turn"
  toolResultsAlone: true,
  // quarkiverse/quarkus-langchain4j#1983: "Conversation blocks and tool use blocks cannot be provided in the same turn."
  toolCallsAlone: true,
  document: true,
  stopSequences: false,
  // BerriAI/litellm's tests: a call written as {"type": "function", "name": …, "parameters": …}
  leaks: 'json-calls',
};

export const meta: readonly Family[] = [
  family(
    'llama-3',
    {
      title: docs && 'Llama 2, 3',
      match: /^meta\.llama(?:2-|3-(?:8b|70b))/,
      source: docs && `recorded; ${features}`,
    },
    llama,
    // Output: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html, and BerriAI/litellm.
    { contextTokens: 8192, ...output(2048, 8192), tools: false },
  ),
  family(
    'llama-3-2',
    {
      title: docs && 'Llama 3.2 1B, 3B',
      match: /^meta\.llama3-2-(?:1b|3b)/,
      source: docs && `recorded; ${features}`,
    },
    llama,
    { tools: false },
  ),
  family(
    'llama-3-2-vision',
    {
      title: docs && 'Llama 3.2 11B, 90B',
      match: /^meta\.llama3-2-/,
      source: docs && `${card('3-2-11b-instruct')}; ${features}`,
    },
    llama,
    { image: true },
  ),
  family(
    'llama-3-1',
    {
      title: docs && 'Llama 3.1, 3.3',
      match: /^meta\.llama3-/,
      source:
        docs && `${card('3-1-8b-instruct')}; ${features}; strands-agents/harness-sdk#1241 (tool choice)`,
    },
    llama,
  ),
  family(
    'llama-4',
    {
      title: docs && 'Llama 4',
      match: /^meta\.llama/,
      source: docs && `${card('4-maverick-17b-instruct')}; pydantic-ai (media in tool results)`,
    },
    llama,
    {
      // Maverick's; Scout's is ten times as long.
      contextTokens: k(1000),
      maxOutputTokens: 8192,
      defaultMaxTokens: undefined,
      image: true,
      toolResultMedia: { image: true, document: 'any', video: false },
    },
  ),
];
