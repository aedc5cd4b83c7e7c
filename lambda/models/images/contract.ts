import type { CallerCredentials, Payer } from '../../backends/backend.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Target } from '../target.ts';
import type { ImageFormat } from './families.ts';

/** An image that somebody sends. */
export interface Picture {
  /** Base64. */
  bytes: string;
  format: ImageFormat;
}

/** One InvokeModel, which gives one image. */
export interface DrawCall {
  target: Target;
  body: JsonObject;
  signal: AbortSignal;
  credentials?: CallerCredentials;
  payer?: Payer;
  requestMetadata?: Record<string, string>;
}

/** An image, or why the model's own filter withheld it. */
export type Drawn = (
  | { /** Base64. */ image: string }
  | {
      /** What it was about, in the model's words: `prompt`, `input image`, `output image`. */ filtered: string;
    }
) & { requestId?: string };

/** Fails only with GatewayError. */
export type Draw = (call: DrawCall) => Promise<Drawn>;
