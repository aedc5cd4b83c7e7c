import type { JsonObject } from '../../canonical/types.ts';
import type { EmbedOptions } from '../../models/embeddings/contract.ts';

/** How a family of embedding models is asked and answers: one file each. */
export interface EmbedFormat {
  toBody(texts: readonly string[], options: EmbedOptions): JsonObject;
  /** `vectors` is undefined for a body that is no answer; `inputTokens` where the body does not count. */
  fromBody(body: Members): { vectors?: number[][]; inputTokens?: number };
}

export type Members = Readonly<Record<string, unknown>>;

/** A list with one vector, if that is what it is. */
export function oneVector(embedding: unknown): number[][] | undefined {
  return Array.isArray(embedding) ? [embedding as number[]] : undefined;
}
