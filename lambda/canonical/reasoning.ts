import type { Delta, ReasoningBlock } from './types.ts';

export type ReasoningDelta = Extract<Delta, { reasoningContent: unknown }>['reasoningContent'];

/** What has arrived of a block of reasoning. `redacted` is base64. */
export interface OpenReasoning {
  text: string;
  signature?: string;
  redacted?: string;
}

/** Adds what a delta has to what came before it; everything may come in several pieces (vercel/ai#19062). */
export function addReasoning(
  open: OpenReasoning | undefined,
  { text, signature, redactedContent }: ReasoningDelta,
): OpenReasoning {
  const grown = open ?? { text: '' };
  if (text) grown.text += text;
  if (signature !== undefined) grown.signature = joinBase64(grown.signature ?? '', signature);
  if (redactedContent !== undefined) grown.redacted = joinBase64(grown.redacted ?? '', redactedContent);
  return grown;
}

export function reasoningBlock({ text, signature, redacted }: OpenReasoning): ReasoningBlock {
  if (redacted !== undefined) return { reasoningContent: { redactedContent: redacted } };
  return { reasoningContent: { reasoningText: { text, ...(signature !== undefined && { signature }) } } };
}

/**
 * Two pieces of base64 as one. Bytes that were encoded piece by piece end in padding in the middle, and are joined
 * as bytes; a text of base64 that was cut anywhere has its padding at the end alone, and is joined as text.
 */
export function joinBase64(before: string, after: string): string {
  const padded = before.endsWith('=') && before.length % 4 === 0 && after !== '';
  if (!padded) return before + after;
  // Four characters are three bytes of their own, so all but the last four stay as they are.
  const last = Buffer.from(before.slice(-4), 'base64');
  return before.slice(0, -4) + Buffer.concat([last, Buffer.from(after, 'base64')]).toString('base64');
}

const responsesMark = 'responses.1.';

/**
 * Encrypted reasoning of OpenAI's Responses as the signature of a block: it goes back there and nowhere else, because no
 * other way to call a model takes it.
 */
export const signatureOfResponses = {
  write: (encrypted: string): string => responsesMark + encrypted,
  /** Undefined for a signature of another maker. */
  read: (signature: string): string | undefined =>
    signature.startsWith(responsesMark) ? signature.slice(responsesMark.length) : undefined,
};
