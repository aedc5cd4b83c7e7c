import * as v from 'valibot';
import type { TokenCounts } from '../../lambda/accounting/tokens.ts';
import type { OutputFormat } from '../../lambda/canonical/request.ts';
import { efforts } from '../../lambda/canonical/request.ts';
import type { ContentBlock } from '../../lambda/canonical/types.ts';

/** What the first member of every file says. */
export const formatName = 'bedrock-gateway/conversation';
/** Goes up when an older program could not read the file rightly any more. New members alone do not raise it. */
export const formatVersion = 1;

/** Money in US dollars as an exact decimal, or why it is not known, which is never the same as nothing. */
export type Money = { readonly usd: string } | { readonly unknown: string };

/** Tokens of five kinds, all calls together: retries and models that failed as well. */
const tokensSchema = v.pipe(
  v.looseObject({
    input: v.number(),
    output: v.number(),
    cacheRead: v.number(),
    cacheWrite: v.number(),
    cacheWriteLong: v.number(),
  }),
  v.transform((tokens): TokenCounts => tokens),
);
const moneySchema = v.pipe(
  v.union([v.looseObject({ usd: v.string() }), v.looseObject({ unknown: v.string() })]),
  v.transform((money): Money => money as Money),
);

/** The blocks of Converse as they stand on the wire; what they hold is for Bedrock to judge. */
const contentSchema = v.pipe(
  v.array(v.looseObject({})),
  v.transform((blocks) => blocks as unknown as ContentBlock[]),
);
const time = v.pipe(v.string(), v.isoTimestamp());

const userTurnSchema = v.looseObject({ role: v.literal('user'), at: time, content: contentSchema });
const assistantTurnSchema = v.looseObject({
  role: v.literal('assistant'),
  at: time,
  content: contentSchema,
  model: v.looseObject({
    asked: v.string(),
    /** What Bedrock was called with. */
    used: v.optional(v.string()),
    region: v.optional(v.string()),
  }),
  /** Bedrock's own word; `stopped` where a person did, `failed` where the stream did. */
  stopReason: v.string(),
  /** Absent: not known. */
  tokens: v.optional(tokensSchema),
  estimated: v.optional(v.boolean()),
  cost: moneySchema,
  warnings: v.optional(v.array(v.string())),
});

const settingsSchema = v.looseObject({
  system: v.optional(v.string()),
  effort: v.optional(v.picklist(efforts)),
  maxTokens: v.optional(v.number()),
  temperature: v.optional(v.number()),
  outputFormat: v.optional(
    v.pipe(
      v.looseObject({ type: v.string() }),
      v.transform((format) => format as unknown as OutputFormat),
    ),
  ),
  fallbacks: v.optional(v.array(v.string())),
});

export const conversationSchema = v.looseObject({
  format: v.literal(formatName),
  version: v.literal(formatVersion),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  createdAt: time,
  updatedAt: time,
  /** Counts the times that it was written: two programs at once are noticed by it. */
  revision: v.number(),
  title: v.string(),
  /** The name that the next turn is asked of. */
  model: v.string(),
  settings: settingsSchema,
  turns: v.array(v.variant('role', [userTurnSchema, assistantTurnSchema])),
  /** Answers that were taken back, without their content: they have been paid for. */
  dropped: v.optional(v.array(assistantTurnSchema)),
});

/** Members that this version does not know are kept. */
export type Conversation = v.InferOutput<typeof conversationSchema>;
export type UserTurn = v.InferOutput<typeof userTurnSchema>;
export type AssistantTurn = v.InferOutput<typeof assistantTurnSchema>;
export type Turn = UserTurn | AssistantTurn;
export type ConversationSettings = v.InferOutput<typeof settingsSchema>;

/** What can be known of a file without a key. */
export const envelopeSchema = v.looseObject({
  format: v.literal(formatName),
  version: v.literal(formatVersion),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  createdAt: time,
  updatedAt: time,
  revision: v.number(),
  encryption: v.variant('kind', [
    v.object({
      kind: v.literal('passphrase'),
      kdf: v.object({
        name: v.literal('scrypt'),
        N: v.pipe(v.number(), v.minValue(2), v.maxValue(2 ** 20)),
        r: v.pipe(v.number(), v.minValue(1), v.maxValue(32)),
        p: v.pipe(v.number(), v.minValue(1), v.maxValue(16)),
        salt: v.string(),
      }),
      cipher: v.literal('aes-256-gcm'),
      iv: v.string(),
      tag: v.string(),
    }),
    v.object({
      kind: v.literal('kms'),
      keyArn: v.string(),
      /** The file's own data key, as KMS has encrypted it. */
      dataKey: v.string(),
      cipher: v.literal('aes-256-gcm'),
      iv: v.string(),
      tag: v.string(),
    }),
  ]),
  /** base64 of the conversation's JSON. */
  ciphertext: v.string(),
});
export type Envelope = v.InferOutput<typeof envelopeSchema>;
export type EncryptionHeader = Envelope['encryption'];
