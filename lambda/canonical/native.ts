import type { Source } from '../streams/source.ts';
import type { ConverseRequest, JsonObject, StopReason, Usage } from './types.ts';

/**
 * What travels where the model speaks the client's own API: the body as the client wrote it, and answers and events as
 * the model gave them. Of these only so much is read as accounting and fallback need.
 */

/**
 * An API that models speak themselves: Anthropic's Messages by InvokeModel, OpenAI's Responses and Chat Completions
 * (`chat`) at paths of their own.
 */
export type NativeApi = 'messages' | 'responses' | 'chat';

/** A client's own request. */
export interface NativeRequest {
  api: NativeApi;
  /** The body in the API's own form, without what is Bedrock's or the gateway's; not to be changed. */
  body: JsonObject;
  /** Anthropic's beta flags, from wherever the client said them. */
  betas: readonly string[];
  /** What Bedrock has and the API has not. */
  settings: NativeSettings;
  /** Set cache marks for a client that set none. */
  cacheMode?: 'auto' | undefined;
  /** What was lost on the way to this body: becomes `x-gateway-warnings`. */
  lost?: readonly string[];
  /** What has no effect in this shape, as the client spelled it: becomes `x-gateway-ignored`. */
  ignored?: readonly string[];
}

/** The same, made when a model is asked that speaks the API, and then the same each time. */
export interface LaterNative {
  api: NativeApi;
  /** Undefined where only the gateway can do what is wanted. Rejects with a GatewayError (400, 413). */
  made(): Promise<NativeRequest | undefined>;
}

/**
 * What of a Converse request goes beside a native body, in headers of InvokeModel. OpenAI's APIs have a place for none of it
 * but the tier: a request with more is sent by Converse.
 */
export interface NativeSettings
  extends Pick<ConverseRequest, 'guardrailConfig' | 'performanceConfig' | 'serviceTier' | 'requestMetadata'> {
  /** Those of an alias, where the API has no place for them. */
  stopSequences?: readonly string[];
}

/** One event of a native stream. */
export interface NativeEvent {
  type: string;
  /** The event's JSON in one line, as it came but for what is Bedrock's own. */
  json: string;
  /** Characters that the model has written with it. */
  written: number;
  /** What is known of the counts with it: the last one that says something counts. */
  usage?: Usage;
  /** The counts are those of its beginning: what is written follows. */
  begins?: true;
}

/** The events of one read of the socket each. It fails as canonical ones do, also when it ends without its last event. */
export type NativeBatches = Source<NativeEvent[]>;

/** A whole native answer. */
export interface NativeAnswer {
  /** Without what is Bedrock's own. */
  body: JsonObject;
  /** In Converse's words. */
  stopReason: StopReason;
  usage: Usage;
  serviceTier?: { type: string };
}
