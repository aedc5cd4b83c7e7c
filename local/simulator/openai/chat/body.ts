import type { Schema } from '../../converse/request.ts';

/** A body of Chat Completions that has passed its shape. */
export interface ChatBody {
  model: string;
  messages: ChatMessage[];
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean | null; include_obfuscation?: boolean | null } | null;
  n?: number | null;
  stop?: string | string[] | null;
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  reasoning_effort?: string | null;
  temperature?: number | null;
  tools?: ChatTool[] | null;
  tool_choice?: string | { type: string; function?: { name: string } } | null;
  parallel_tool_calls?: boolean | null;
  response_format?: {
    type: string;
    json_schema?: { name: string; schema?: Schema; strict?: boolean | null };
  } | null;
  service_tier?: string | null;
  [member: string]: unknown;
}

export interface ChatTool {
  type: string;
  function: {
    name: string;
    description?: string | null;
    parameters?: Schema | null;
    strict?: boolean | null;
  };
}

export interface ChatMessage {
  role: string;
  content?: string | ChatPart[] | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[] | null;
  tool_call_id?: string | null;
}

export interface ChatPart {
  type: string;
  text?: string;
  refusal?: string;
  image_url?: { url: string };
  file?: { file_data?: string | null; filename?: string | null };
  prompt_cache_breakpoint?: object | null;
}

export const partsOf = ({ content }: ChatMessage): ChatPart[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
