import type { ConverseRequest, GuardrailConfig, JsonObject } from './types.ts';

/**
 * What a client asked for, in the canonical shape. `converse` holds what means the same for every model;
 * `intent` holds what each model family spells in its own way or not at all: `fit/` turns it into members of
 * the Converse request for the model that is called, or says why it cannot.
 */
export interface CanonicalRequest {
  /** The model's name as the client wrote it. */
  model: string;
  converse: ConverseRequest;
  intent: Intent;
  /** What was lost on the way to this shape: becomes `x-gateway-warnings`. */
  lost?: readonly string[];
  /** What has no effect in this shape, as the client spelled it: becomes `x-gateway-ignored`. */
  ignored?: readonly string[];
}

export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof efforts)[number];

export interface ReasoningIntent {
  effort?: Effort;
  /** Tokens the model may think, ≥ 1. */
  budgetTokens?: number;
  /** The client wants to see the reasoning, which models that do not show theirs have to be asked for. */
  summary?: boolean;
  /** Claude's own `thinking` object, as the client gave it: passed unchanged to families that take it. */
  thinking?: JsonObject;
  /** The client does not want to see the reasoning. */
  exclude?: boolean;
  /**
   * Said in Claude's own API, where an effort is for the whole answer and switches no thinking on, and where thinking
   * is shown only when it is asked for: nothing is added to what was said.
   */
  verbatim?: boolean;
}

export type OutputFormat =
  | { type: 'json_object'; schema?: JsonObject }
  | { type: 'json_schema'; name: string; description?: string; schema: JsonObject; strict?: boolean };

export interface Intent {
  reasoning?: ReasoningIntent;
  /** The model must not call a tool. Converse has no such choice: `fit/tools` finds the way. */
  toolChoiceNone?: boolean;
  parallelToolCalls?: boolean;
  outputFormat?: OutputFormat;
  topK?: number;
  seed?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  logitBias?: JsonObject;
  /** The model may search the web. */
  webSearch?: boolean;
  anthropicBeta?: string[];
  /** Instructions between turns are worded by the client so that they may stand in a user's turn as they are. */
  plainInstructions?: boolean;
  /** Set cache points for a client that set none. */
  cacheMode?: 'auto';
  /** The temperature is the gateway's own wish: where a model does not take it, it is left out without a word. */
  temperatureIsHint?: boolean;
  /** Tokens that a model gets beyond `maxTokens` where its thinking cannot be switched off. */
  thinkingRoom?: number;
  /** From the key or the settings: takes the place of the client's guardrail. */
  enforcedGuardrail?: GuardrailConfig;
}
