import type { Capabilities } from '../../lambda/models/capabilities.ts';

/** A model that takes everything: tests take away what they are about. */
export const ableToAll: Capabilities = {
  family: 'test-family',
  system: true,
  midConversationSystem: true,
  assistantFirst: true,
  assistantLast: true,
  streams: true,
  tools: true,
  toolsInStream: true,
  toolChoice: { any: true, tool: true },
  strictTools: true,
  disableParallelTools: true,
  hyphenInToolNames: true,
  toolUseId: 'any',
  toolResultsAlone: false,
  toolCallsAlone: false,
  toolResultStatus: true,
  toolResultMedia: { image: true, document: 'any', video: true },
  image: true,
  document: true,
  cites: true,
  video: true,
  audio: true,
  stopSequences: true,
  refusesSampling: false,
  temperatureXorTopP: false,
  topK: 'top_k',
  reasoning: { kind: 'none' },
  reasoningReplay: true,
  structuredOutput: 'native',
  caching: { tools: true, ttl1h: true, afterToolResult: true },
};

export const able = (changes: Partial<Capabilities>): Capabilities => ({ ...ableToAll, ...changes });
