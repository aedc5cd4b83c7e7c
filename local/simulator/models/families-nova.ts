import { base, type Family, noMedia } from './family.ts';

const nova: Omit<Family, 'name' | 'match'> = {
  ...base,
  provider: 'nova',
  contextTokens: 300_000,
  maxOutputTokens: 10_000,
  additionalFields: ['inferenceConfig'],
  toolChoice: { any: true, tool: true },
  hyphenBreaksTools: true,
  toolResultMedia: { image: true, document: ['csv', 'txt', 'md', 'html'], video: false },
  media: { image: true, document: true, video: true, audio: false },
  s3Media: true,
  caching: {
    places: ['system', 'messages'],
    ttl1h: false,
    minTokens: 1000,
    afterToolResult: false,
    afterDocument: true,
  },
};

/** Nova's user guide; hyphens: SEMOSS#2892, mcp-agent#126; cache points in tools: hermes#97289. */
export const novaFamilies: Family[] = [
  {
    ...nova,
    name: 'Nova Micro',
    match: /^amazon\.nova-micro-/,
    contextTokens: 128_000,
    media: noMedia,
    toolResultMedia: { image: false, document: [], video: false },
  },
  { ...nova, name: 'Nova', match: /^amazon\.nova-(lite|pro)-/, latencyOptimized: true },
  { ...nova, name: 'Nova Premier', match: /^amazon\.nova-premier-/, contextTokens: 1_000_000 },
  {
    ...nova,
    name: 'Nova 2',
    match: /^amazon\.nova-2-(lite|pro)-/,
    contextTokens: 1_000_000,
    maxOutputTokens: 65_535,
    additionalFields: ['inferenceConfig', 'reasoningConfig'],
    systemTools: ['nova_code_interpreter', 'nova_grounding'],
    thinking: { kind: 'nova' },
  },
];
