import { createHash } from 'node:crypto';

const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Anthropic's ids: `01` and 22 letters and digits (recorded). */
function id(seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  return `01${[...digest.subarray(0, 22)].map((byte) => letters[byte % letters.length]).join('')}`;
}

export const messageId = (body: unknown): string => `msg_bdrk_${id(JSON.stringify(body))}`;

/** Where a guardrail has spoken instead of the model (recorded). */
export const guardrailMessageId = (body: unknown): string =>
  `bedrock-guardrails-${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32)}`;

/** Of a call that Converse would name `tooluse_…`: the same call, the same id. */
export const callId = (toolUseId: string): string => `toolu_bdrk_${id(toolUseId)}`;
export const serverCallId = (toolUseId: string): string => `srvtoolu_bdrk_${id(toolUseId)}`;
