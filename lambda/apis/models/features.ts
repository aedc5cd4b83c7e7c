import type { Capabilities } from '../../models/capabilities.ts';

/** What a model can do, in words a client can look for. */
const features: readonly (readonly [name: string, has: (c: Capabilities) => boolean])[] = [
  ['system', (c) => c.system],
  ['tools', (c) => c.tools],
  ['tools_in_stream', (c) => c.tools && c.toolsInStream],
  ['vision', (c) => c.image],
  ['documents', (c) => c.document],
  ['video', (c) => c.video],
  ['audio', (c) => c.audio],
  ['reasoning', (c) => c.reasoning.kind !== 'none'],
  ['structured_output', (c) => c.structuredOutput === 'native'],
  ['prompt_caching', (c) => c.caching !== undefined],
];

/** Undefined for a model that no family describes: what it can do is not known. */
export function featuresOf(capabilities: Capabilities): string[] | undefined {
  if (capabilities.family === 'unknown') return undefined;
  return features.filter(([, has]) => has(capabilities)).map(([name]) => name);
}
