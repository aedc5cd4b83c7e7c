import type { CallerCredentials, Payer } from '../../backends/backend.ts';
import type { Target } from '../target.ts';
import type { EmbeddingFormat } from './families.ts';

/** What an embedding model may be given beside its texts, in the words of its family. */
export interface EmbedOptions {
  dimensions?: number;
  inputType?: string;
  truncate?: string;
  normalize?: boolean;
}

/** One InvokeModel: at most as many texts as the family takes in one call. */
export interface EmbedCall {
  target: Target;
  format: EmbeddingFormat;
  texts: readonly string[];
  options: EmbedOptions;
  signal: AbortSignal;
  credentials?: CallerCredentials;
  payer?: Payer;
  requestMetadata?: Record<string, string>;
}

export interface Embedded {
  /** One for each text, in their order. */
  vectors: number[][];
  /** Absent: the model did not count. */
  inputTokens?: number;
  requestId?: string;
}

/** Fails only with GatewayError. */
export type Embed = (call: EmbedCall) => Promise<Embedded>;
