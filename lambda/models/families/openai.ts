import { common, type Family, family, openWeightEfforts } from './family.ts';

const card = (name: string) => `https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-${name}.html`;

export const openai: readonly Family[] = [
  family(
    'gpt-oss',
    {
      title: 'gpt-oss, gpt-oss-safeguard',
      match: /^openai\.gpt-oss/,
      source: `recorded (reasoning_effort); vercel/ai#14720; ${card('openai-gpt-oss-120b')}`,
    },
    common,
    { reasoning: { kind: 'effort', values: openWeightEfforts, canDisable: false } },
  ),
  family(
    'gpt',
    {
      title: 'GPT-5.6, GPT-6 and newer',
      match: /^openai\./,
      source: `${card('openai-gpt-56-sol')}; ${card('openai-gpt-6-astra')}; sampling as on their Chat Completions API`,
    },
    common,
    {
      toolChoice: { any: true, tool: true },
      image: true,
      refusesSampling: true,
      structuredOutput: 'tool',
      reasoning: {
        kind: 'effort',
        values: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
        canDisable: true,
      },
    },
  ),
  family(
    'grok',
    { title: 'Grok', match: /^xai\./, source: `${card('xai-grok-4-6')}; tool choice as on xAI's own API` },
    common,
    {
      toolChoice: { any: true, tool: true },
      image: true,
      structuredOutput: 'tool',
      reasoning: { kind: 'effort', values: openWeightEfforts, canDisable: true },
    },
  ),
];
