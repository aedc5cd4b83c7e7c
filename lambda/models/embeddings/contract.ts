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

/** An image that is to be embedded. */
export interface EmbedImage {
  /** Base64. */
  bytes: string;
  format: 'png' | 'jpeg' | 'gif' | 'webp';
}

/** One InvokeModel: at most as many texts as the family takes in one call, or one image, with a text or without. */
export interface EmbedCall {
  target: Target;
  format: EmbeddingFormat;
  texts: readonly string[];
  /** Makes one vector, of itself and the text if there is one. */
  image?: EmbedImage;
  options: EmbedOptions;
  signal: AbortSignal;
  credentials?: CallerCredentials;
  payer?: Payer;
  requestMetadata?: Record<string, string>;
}

export interface Embedded {
  /** One for each text, in their order; one for an image. */
  vectors: number[][];
  /** Absent: the model did not count. */
  inputTokens?: number;
  requestId?: string;
}

/** Fails only with GatewayError. */
export type Embed = (call: EmbedCall) => Promise<Embedded>;
