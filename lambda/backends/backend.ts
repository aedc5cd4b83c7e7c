import type { ConverseAnswer, ConverseRequest, EventBatches } from '../canonical/types.ts';
import type { Target } from '../models/target.ts';

export interface BackendCall {
  target: Target;
  request: ConverseRequest;
  /** Aborts the call, and a stream that it opened, at once. */
  signal: AbortSignal;
  /** The caller's own AWS credentials; absent: the gateway's. */
  credentials?: CallerCredentials;
}

export interface CallerCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * A way to call a model. Takes and yields only the canonical shape; fails only with GatewayError.
 * One call makes one request to Bedrock: retries are `policy/`'s.
 */
export interface Backend {
  send(call: BackendCall): Promise<{ answer: ConverseAnswer; requestId: string | undefined }>;
  /**
   * Resolves when Bedrock has answered with a status; its events follow. Whoever takes `events` must pull them to
   * the end, leave them, or abort `signal`: otherwise the model goes on generating.
   */
  stream(call: BackendCall): Promise<{ events: EventBatches; requestId: string | undefined }>;
}
