import type { Annotation } from '../openai/annotation.ts';
import type { CallHead } from '../reasoning/carried.ts';
import type { ReasoningState } from '../reasoning/formats.ts';

/**
 * What answers and chunks hold, on the wire. OpenAI's own members are assignable to the types of the `openai`
 * package (a test holds them to it); the others are those that clients of other gateways read.
 */

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
