import type { Citation } from '../../canonical/types.ts';

/**
 * What answers and chunks hold, on the wire. OpenAI's own members are assignable to the types of the `openai`
 * package (a test holds them to it); the others are those that clients of other gateways read.
 */
export interface ThinkingBlock {
  type: 'thinking' | 'redacted_thinking';
  thinking?: string;
  signature?: string;
  data?: string;
}

/** OpenRouter's form of the same. */
export interface ReasoningDetail {
  type: 'reasoning.text' | 'reasoning.encrypted';
  text?: string;
  signature?: string;
  data?: string;
  format: 'anthropic-claude-v1';
  index: number;
}

/** Signed and redacted reasoning: what must come back with the next request. */
export interface ReasoningState {
  thinking_blocks: ThinkingBlock[];
  reasoning_details: ReasoningDetail[];
}

export interface UrlCitation {
  type: 'url_citation';
  url_citation: { url: string; title: string; start_index: number; end_index: number };
}
/** OpenAI has no annotation for a place in a document of the request: Converse's own words. */
export interface DocumentCitation {
  type: 'document_citation';
  document_citation: Citation & { start_index: number; end_index: number };
}
export type Annotation = UrlCitation | DocumentCitation;

export interface CallHead {
  id: string;
  /** Reasoning that the id has no room for; clients that keep unknown members of a call send it back. */
  extra_content?: { bedrock: { thinking_blocks: ThinkingBlock[] } };
}
export type ToolCall = CallHead &
  (
    | { type: 'function'; function: { name: string; arguments: string } }
    | { type: 'custom'; custom: { name: string; input: string } }
  );

export interface ToolCallDelta extends Partial<CallHead> {
  index: number;
  type?: 'function' | 'custom';
  function?: { name?: string; arguments: string };
  custom?: { name?: string; input: string };
}

export interface ChunkDelta extends Partial<ReasoningState> {
  role?: 'assistant';
  content?: string;
  refusal?: null;
  reasoning_content?: string;
  reasoning?: string;
  annotations?: Annotation[];
  function_call?: { name?: string; arguments: string };
  tool_calls?: ToolCallDelta[];
}
