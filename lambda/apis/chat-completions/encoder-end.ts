import { reasoningTokens } from '../../canonical/usage.ts';
import { bedrockFields } from '../openai/bedrock-fields.ts';
import { addUp, openAiUsage, sum } from '../openai/usage.ts';
import { chunkHead } from './chunk-json.ts';
import type { ChunkEncoder } from './encoder.ts';
import type { AnswerHead, Rendering } from './rendering.ts';

/** The end of a stream that went well: usage where it was asked for, the trace where there is one, `[DONE]`. */
export function closingChunks(
  encoders: readonly (Pick<ChunkEncoder, 'metadata' | 'seen'> &
    Partial<Pick<ChunkEncoder, 'optimisation'>>)[],
  head: AnswerHead,
  rendering: Rendering,
  includeUsage: boolean,
): string {
  const rendered = encoders.flatMap(({ metadata, seen }) => (metadata ? [{ ...metadata, seen }] : []));
  const reasoned = sum(rendered.map(({ usage, seen }) => reasoningTokens(usage, seen)));
  const bedrock = rendered[0] && bedrockFields(rendered[0], rendering);
  const optimisation = encoders.find((each) => each.optimisation)?.optimisation;
  const fields = {
    ...(includeUsage &&
      rendered.length > 0 && { usage: openAiUsage(addUp(rendered.map(({ usage }) => usage)), reasoned) }),
    ...(rendered[0]?.serviceTier && { service_tier: rendered[0].serviceTier.type }),
    ...(bedrock && { bedrock }),
    ...(optimisation && { optimisation }),
  };
  const last = fields.usage ?? fields.bedrock ?? fields.optimisation;
  const chunk = last ? `${chunkHead(head)}"choices":[],${JSON.stringify(fields).slice(1)}\n\n` : '';
  return `${chunk}data: [DONE]\n\n`;
}
