import { reasoningTokens } from '../../canonical/usage.ts';
import { openAiUsage } from '../openai/usage.ts';
import { chunkHead } from './chunk-json.ts';
import type { ChunkEncoder } from './encoder.ts';
import { addUp, bedrockFields, sum } from './response.ts';
import type { AnswerHead, Telling } from './telling.ts';

/** The end of a stream that went well: usage where it was asked for, the trace where there is one, `[DONE]`. */
export function closingChunks(
  encoders: readonly Pick<ChunkEncoder, 'metadata' | 'seen'>[],
  head: AnswerHead,
  telling: Telling,
  includeUsage: boolean,
): string {
  const told = encoders.flatMap(({ metadata, seen }) => (metadata ? [{ ...metadata, seen }] : []));
  const reasoned = sum(told.map(({ usage, seen }) => reasoningTokens(usage, seen)));
  const bedrock = told[0] && bedrockFields(told[0], telling);
  const fields = {
    ...(includeUsage &&
      told.length > 0 && { usage: openAiUsage(addUp(told.map(({ usage }) => usage)), reasoned) }),
    ...(told[0]?.serviceTier && { service_tier: told[0].serviceTier.type }),
    ...(bedrock && { bedrock }),
  };
  const last = fields.usage ?? fields.bedrock;
  const chunk = last ? `${chunkHead(head)}"choices":[],${JSON.stringify(fields).slice(1)}\n\n` : '';
  return `${chunk}data: [DONE]\n\n`;
}
