import type { StateKey } from '../../auth/state-key.ts';
import type { JsonObject } from '../../canonical/types.ts';

/** What of a request its answer depends on. */
export interface Rendering {
  echo: Echo;
  tools: ToolKinds;
  /** Seals what the client is to bring back. */
  stateKey: StateKey;
  /** The answer is the summary of a conversation: one compaction item instead of messages. */
  compaction: boolean;
  /**
   * The client may refer to items instead of sending them, because it did not say `store: false`: calls carry the text
   * before them.
   */
  references: boolean;
  /** The client asked for encrypted content, and so brings it back. */
  returnsReasoning: boolean;
  /** The guardrail's trace is rendered. */
  trace?: boolean;
  /** Absent: nothing is stored. */
  kept?: Kept;
}

/** What is stored of a response. */
export interface Kept {
  /** Members of the resource that are about it: the same for every event of a stream. */
  members(): JsonObject;
}

/**
 * Members of the request that the resource repeats, validated; what the client did not say, or said as null, is absent
 * and gets the default that OpenAI names.
 */
export interface Echo {
  /** The model as the client named it. */
  model: string;
  instructions?: string | JsonObject[];
  metadata?: Record<string, string>;
  temperature?: number;
  top_p?: number;
  top_logprobs?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
  max_output_tokens?: number;
  max_tool_calls?: number;
  text?: { format?: JsonObject; verbosity?: string };
  reasoning?: { effort?: string; summary?: string };
  tool_choice?: string | JsonObject;
  parallel_tool_calls?: boolean;
  truncation?: 'auto' | 'disabled';
  service_tier?: string;
  prompt_cache_key?: string;
  safety_identifier?: string;
  user?: string;
}

/** How called tools go back to the client. */
export interface ToolKinds {
  /** By the name that the model calls it. A name that nobody offered is a function's. */
  of(calledName: string): CalledTool;
}

export interface CalledTool {
  kind: 'function' | 'custom' | 'tool_search' | 'local_shell' | 'shell' | 'apply_patch';
  /** What the client calls it. */
  name: string;
  namespace?: string;
}
