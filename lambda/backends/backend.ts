import type { NativeAnswer, NativeBatches, NativeRequest } from '../canonical/native.ts';
import type { ConverseAnswer, ConverseRequest, EventBatches } from '../canonical/types.ts';
import type { Target } from '../models/target.ts';

export interface BackendCall {
  target: Target;
  request: ConverseRequest;
  /** Aborts the call, and a stream that it opened, at once. */
  signal: AbortSignal;
  /** The caller's own AWS credentials; absent: the gateway's. */
  credentials?: CallerCredentials;
  /** Whom AWS's logs and its bill are to name for the call. */
  payer?: Payer;
}

export interface Payer {
  /** For the request metadata, where an operation takes any: the key's name and the request's id. */
  marks: Readonly<Record<string, string>>;
  /** What the key has of its own on the bill of the gateway's account; not for calls with a caller's credentials. */
  billing?: Billing | undefined;
}

export interface Billing {
  role?: AssumedRole;
  /** A Bedrock project: its id, its ARN or `default`. */
  project?: string;
  /** Application inference profiles, by the id that they are called in place of. */
  profiles?: Readonly<Record<string, string>>;
}

/** An IAM role that calls are made as. */
export interface AssumedRole {
  arn: string;
  /** The name of the session, which the bill has beside the role. */
  session: string;
  /** Session tags. */
  tags: Readonly<Record<string, string>>;
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

/** A call in the client's own API. */
export interface NativeCall extends Omit<BackendCall, 'request'> {
  /** Its body is sent as it is. */
  native: NativeRequest;
}

/** A way to call a model that speaks a client's API: its answers and events pass as they are, and say what was used. */
export interface NativeBackend {
  send(call: NativeCall): Promise<{ answer: NativeAnswer; requestId: string | undefined }>;
  /** As of `Backend`. */
  stream(call: NativeCall): Promise<{ events: NativeBatches; requestId: string | undefined }>;
}
