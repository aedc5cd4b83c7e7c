import type { Schema } from '../../converse/request.ts';

/** A body of the Messages API as `shape/` lets it through. Bytes are base64. */
export interface MessagesBody {
  anthropic_version: string;
  anthropic_beta?: string[];
  max_tokens: number;
  messages: Turn[];
  system?: string | TextBlock[];
  stop_sequences?: string[];
  temperature?: number;
  top_p?: number;
  top_k?: number;
  thinking?: Record<string, unknown> & { type: string };
  output_config?: { effort?: string; format?: { type: string; schema: Schema } };
  tools?: Tool[];
  tool_choice?: { type: string; name?: string; disable_parallel_tool_use?: boolean };
}

export interface Turn {
  role: 'user' | 'assistant' | 'system';
  content: string | Block[];
  output_config?: { effort?: string };
}

export interface CacheControl {
  type: 'ephemeral';
  ttl?: string;
}

interface Marked {
  cache_control?: CacheControl | null;
}

export interface TextBlock extends Marked {
  type: 'text';
  text: string;
}

export interface Source {
  type: string;
  media_type?: string;
  data?: string;
  content?: string | Block[];
}

export interface Image extends Marked {
  type: 'image';
  source: Source;
}

export interface Document extends Marked {
  type: 'document';
  source: Source;
  title?: string | null;
  citations?: { enabled?: boolean } | null;
}

export interface ToolResult extends Marked {
  type: 'tool_result';
  tool_use_id: string;
  content?: string | Block[];
  is_error?: boolean;
}

export type Block =
  | TextBlock
  | Image
  | Document
  | ToolResult
  | ({ type: 'search_result'; source: string; title: string; content: TextBlock[] } & Marked)
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | ({ type: 'tool_use'; id: string; name: string; input: Record<string, unknown> } & Marked)
  | { type: 'server_tool_use'; id: string; name: string; input: Record<string, unknown> }
  | { type: 'tool_search_tool_result'; tool_use_id: string; content: unknown }
  | { type: 'tool_reference'; tool_name: string }
  | ({ type: 'compaction'; content: string; tool_changes?: ToolChange[] | null } & Marked)
  | ToolChange;

/** A tool that is offered, or is not offered any more, from here on. */
export type ToolChange = Marked & {
  type: 'tool_addition' | 'tool_removal';
  tool: { type: 'tool_reference'; name: string } | { type: 'tool_definition'; definition: Tool };
};

/** Tools of a client's own have no type, or `custom`; the others are Anthropic's. */
export interface Tool extends Marked {
  type?: string;
  name: string;
  description?: string;
  input_schema?: Schema;
  strict?: boolean;
  defer_loading?: boolean;
}

export const isCustom = ({ type }: Tool): boolean => type === undefined || type === 'custom';

/** The blocks of a content that may be a text of its own; an empty one has none. */
export function blocksOf(content: string | Block[] = ''): Block[] {
  if (typeof content !== 'string') return content;
  return content === '' ? [] : [{ type: 'text', text: content }];
}
