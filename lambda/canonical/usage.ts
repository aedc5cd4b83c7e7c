import type { Usage } from './types.ts';

/** What was seen of an answer on its way to the client, for `reasoningTokens`. */
export interface Seen {
  /** Any reasoning, be it redacted or without text. */
  reasoned: boolean;
  /** UTF-8 bytes of the text and of the tools' input. */
  visibleBytes: number;
}

/**
 * Tokens of reasoning. OpenAI counts them in `completion_tokens` and tells them apart; Converse only counts
 * them in, and the text it shows may be a summary, redacted or nothing. So they are what the visible part of
 * the answer, at four bytes a token, does not account for: an estimate. What calls wrote whose text is not shown was
 * paid for in the same way, and counts with it.
 */
export function reasoningTokens(
  { outputTokens = 0, hiddenOutputTokens: hidden = 0 }: Partial<Usage>,
  seen: Seen,
): number {
  return hidden + (seen.reasoned ? Math.max(0, outputTokens - hidden - Math.ceil(seen.visibleBytes / 4)) : 0);
}
