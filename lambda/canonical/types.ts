import type { Source } from '../streams/source.ts';

/**
 * The shape in the middle: Amazon Bedrock's Converse request, answer and stream events, exactly as they
 * are written on the wire (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 *
 * Two differences from the types of `@aws-sdk/client-bedrock-runtime`, both on purpose:
 * - bytes are base64 strings, as on the wire, so an image is never decoded and encoded on its way through;
 * - unions are plain and closed. What Bedrock adds to them later arrives as an object with other keys and
 *   is passed over by code that looks for the keys it knows.
 */

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type Role = 'user' | 'assistant' | 'system';

export interface Message {
  role: Role;
  content: ContentBlock[];
}

export interface TextBlock {
  text: string;
}
export interface CachePointBlock {
  cachePoint: { type: 'default'; ttl?: '5m' | '1h' };
}
export interface S3Location {
  uri: string;
  bucketOwner?: string;
}
/** Exactly one of the two is set. `bytes` is base64. */
export interface MediaSource {
  bytes?: string;
  s3Location?: S3Location;
}
export interface ImageBlock {
  image: { format: string; source: MediaSource };
}
export interface VideoBlock {
  video: { format: string; source: MediaSource };
}
export interface AudioBlock {
  audio: { format: string; source: MediaSource };
}
export interface DocumentBlock {
  document: {
    name: string;
    format?: string;
    source: MediaSource & { text?: string; content?: TextBlock[] };
    context?: string;
    citations?: { enabled: boolean };
  };
}
export interface ToolUseBlock {
  toolUse: { toolUseId: string; name: string; input: Json; type?: string };
}
export interface SearchResultBlock {
  searchResult: { source: string; title: string; content: TextBlock[]; citations?: { enabled: boolean } };
}
export interface JsonBlock {
  json: Json;
}
export type ToolResultContent =
  | JsonBlock
  | TextBlock
  | ImageBlock
  | DocumentBlock
  | VideoBlock
  | SearchResultBlock;
export interface ToolResultBlock {
  toolResult: {
    toolUseId: string;
    content: ToolResultContent[];
    status?: 'success' | 'error';
    type?: string;
  };
}
export interface GuardContentBlock {
  guardContent: {
    text?: { text: string; qualifiers?: string[] };
    image?: { format: string; source: { bytes?: string } };
  };
}
/** `redactedContent` is base64. A block has either a text (perhaps signed) or redacted content. */
export interface ReasoningBlock {
  reasoningContent: { reasoningText?: { text: string; signature?: string }; redactedContent?: string };
}
export interface Citation {
  title?: string;
  source?: string;
  sourceContent?: { text?: string }[];
  location?: JsonObject;
}
export interface CitationsBlock {
  citationsContent: { content?: TextBlock[]; citations?: Citation[] };
}

export type ContentBlock =
  | TextBlock
  | CachePointBlock
  | ImageBlock
  | VideoBlock
  | AudioBlock
  | DocumentBlock
  | ToolUseBlock
  | ToolResultBlock
  | GuardContentBlock
  | ReasoningBlock
  | CitationsBlock
  | SearchResultBlock;

export type SystemBlock = TextBlock | CachePointBlock | GuardContentBlock;

export interface ToolSpec {
  name: string;
  description?: string;
  inputSchema: { json: JsonObject };
  strict?: boolean;
}
export type Tool = { toolSpec: ToolSpec } | { systemTool: { name: string } } | CachePointBlock;
export type ToolChoice =
  | { auto: Record<string, never> }
  | { any: Record<string, never> }
  | { tool: { name: string } };
export interface ToolConfig {
  tools: Tool[];
  toolChoice?: ToolChoice;
}

/** maxTokens ≥ 1; temperature and topP within 0..1 (Converse refuses more, OpenAI allows 2). */
export interface InferenceConfig {
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  stopSequences?: string[];
}
export interface GuardrailConfig {
  guardrailIdentifier: string;
  guardrailVersion: string;
  trace?: 'enabled' | 'disabled' | 'enabled_full';
  streamProcessingMode?: 'sync' | 'async';
}
export interface OutputConfig {
  textFormat?: {
    type: 'json_schema';
    /** `schema` is the JSON schema as a string. */
    structure: { jsonSchema: { schema: string; name?: string; description?: string } };
  };
  effort?: string;
}

/** The body of Converse and ConverseStream; the model id travels in the path. */
export interface ConverseRequest {
  messages: Message[];
  system?: SystemBlock[];
  inferenceConfig?: InferenceConfig;
  toolConfig?: ToolConfig;
  guardrailConfig?: GuardrailConfig;
  additionalModelRequestFields?: JsonObject;
  additionalModelResponseFieldPaths?: string[];
  promptVariables?: Record<string, { text: string }>;
  requestMetadata?: Record<string, string>;
  performanceConfig?: { latency: 'standard' | 'optimized' };
  serviceTier?: { type: string };
  outputConfig?: OutputConfig;
}

/** Open on the wire: Bedrock may add more. */
export type StopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'guardrail_intervened'
  | 'content_filtered'
  | 'refusal'
  | 'malformed_model_output'
  | 'malformed_tool_use'
  | 'model_context_window_exceeded'
  | (string & {});

/** Tokens. `inputTokens` leaves out what was read from or written to the cache. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cacheReadInputTokens?: number | null;
  cacheWriteInputTokens?: number | null;
  cacheDetails?: { ttl: string; inputTokens: number }[];
  /** Set by us when Bedrock gave no count and the numbers are an estimate. */
  estimated?: boolean;
  /** Set by us: of `outputTokens`, what was written by calls whose text is not shown. */
  hiddenOutputTokens?: number;
}
export interface Trace {
  guardrail?: JsonObject;
  promptRouter?: { invokedModelId?: string };
}

export interface ConverseAnswer {
  output: { message: { role: 'assistant'; content: ContentBlock[] } };
  stopReason: StopReason;
  usage: Usage;
  metrics?: { latencyMs?: number };
  additionalModelResponseFields?: JsonObject;
  trace?: Trace;
  performanceConfig?: { latency: string };
  serviceTier?: { type: string };
  /** Set by us: what an optimisation technique did for this answer and those beside it. */
  optimisation?: JsonObject;
  /** Set by us: the stop sequence at which the gateway has ended it, for a model that takes none. */
  stoppedAt?: string;
}

export type Delta =
  | { text: string }
  | { toolUse: { input: string } }
  | { toolResult: JsonObject[] }
  | { reasoningContent: { text?: string; signature?: string; redactedContent?: string } }
  | { citation: Citation }
  | { image: JsonObject };

/** One ConverseStream event: one key, as in the frame's `:event-type`. Exceptions are thrown, never yielded. */
export type ConverseEvent =
  | { messageStart: { role: 'assistant' } }
  | {
      contentBlockStart: {
        contentBlockIndex: number;
        start: {
          toolUse?: { toolUseId: string; name: string; type?: string };
          toolResult?: JsonObject;
          image?: JsonObject;
        };
      };
    }
  | { contentBlockDelta: { contentBlockIndex: number; delta: Delta } }
  | { contentBlockStop: { contentBlockIndex: number } }
  | {
      messageStop: {
        stopReason: StopReason;
        additionalModelResponseFields?: JsonObject;
        optimisation?: JsonObject;
        stoppedAt?: string;
      };
    }
  | {
      metadata: {
        usage: Usage;
        metrics?: { latencyMs?: number };
        trace?: Trace;
        performanceConfig?: { latency: string };
        serviceTier?: { type: string };
        /** Set by us where no `messageStop` could have it. */
        optimisation?: JsonObject;
        /** Where an answer that was ended became events. */
        stoppedAt?: string;
      };
    };

/**
 * A stream of answers as it arrives: each item holds the events that came in one read of the socket, so
 * that whoever writes them out can do so in one write without ever holding one back. It fails with an
 * GatewayError when the model or the connection fails, and also when the stream ends without `messageStop`.
 */
export type EventBatches = Source<ConverseEvent[]>;
