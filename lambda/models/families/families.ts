import { efforts } from '../../canonical/request.ts';
import { docs } from '../../docs.ts';
import { amazon } from './amazon.ts';
import { claude } from './claude.ts';
import { common, type Family, family } from './family.ts';
import { meta } from './meta.ts';
import { mistralAi } from './mistral.ts';
import { openWeights } from './open-weight.ts';
import { openai } from './openai.ts';
import { others } from './others.ts';

export type { Family } from './family.ts';

/**
 * What a chat model's id says of it. Nothing else goes by such an id; embedding models have a table of their own
 * (`models/embeddings/families.ts`), and imported models have no id that says anything: AWS names their architecture
 * (`backends/invoke/choose-format.ts`). Adding a family is adding one row to its provider's file; each provider's
 * last row also takes what is newer than the table, so a new model behaves like its siblings.
 */
export const families: readonly Family[] = [
  ...claude,
  ...amazon,
  ...meta,
  ...mistralAi,
  ...openai,
  ...openWeights,
  ...others,
];

/**
 * A model that no row knows: everything the client asks for is passed on and nothing is assumed, so that what
 * it can do stays possible; what it refuses comes back as a 400 that the engine can repair.
 */
export const unknownFamily: Family = family(
  'unknown',
  {
    title: docs && 'Any other model',
    match: /(?:)/,
    source: docs && 'nothing known: everything is passed on',
  },
  common,
  {
    assistantFirst: true,
    toolChoice: { any: true, tool: true },
    toolResultStatus: true,
    toolResultMedia: { image: true, document: 'any', video: true },
    image: true,
    document: true,
    cites: true,
    video: true,
    audio: true,
    reasoning: {
      kind: 'effort',
      values: efforts.filter((effort) => effort !== 'none'),
      canDisable: true,
      passThinking: true,
    },
    reasoningReplay: true,
    // It may be a Claude, and a schema that Claude takes is a plain one.
    schemaRules: 'anthropic',
    caching: { tools: true, ttl1h: true, afterToolResult: true },
    anthropicBeta: true,
    // The one that comes to most: an estimate had better be too high.
    tokenizer: 'claude-4.7',
  },
);
