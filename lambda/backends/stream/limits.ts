/**
 * Silences of 150 s have been seen in healthy streams of thinking models (LiteLLM#32004), and AWS states no
 * limit: twice as long means that nothing will come any more.
 */
const usualStallMs = 300_000;

export interface StreamLimits {
  /** Milliseconds without a byte that end a stream. */
  streamStallMs?: number;
}

/** Milliseconds. */
export const stallOf = ({ streamStallMs = usualStallMs }: StreamLimits): number => streamStallMs;
