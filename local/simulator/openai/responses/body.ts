import type { Schema } from '../../converse/request.ts';

/** A body of Responses that has passed its shape. */
export interface ResponseBody {
  model: string;
  input?: string | Item[] | null;
  instructions?: string | null;
  previous_response_id?: string | null;
  conversation?: unknown;
  background?: boolean | null;
  store?: boolean | null;
  stream?: boolean | null;
  stream_options?: { include_obfuscation?: boolean | null } | null;
  include?: string[] | null;
  max_output_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  top_logprobs?: number | null;
  reasoning?: { effort?: string | null; summary?: string | null; generate_summary?: string | null } | null;
  text?: { format?: Format | null; verbosity?: string | null } | null;
  tools?: ToolBody[] | null;
  tool_choice?: string | { type: string; name?: string; mode?: string; tools?: { name?: string }[] } | null;
  parallel_tool_calls?: boolean | null;
  service_tier?: string | null;
  [member: string]: unknown;
}

export interface Format {
  type: string;
  name?: string;
  schema?: Schema;
  strict?: boolean | null;
}

export interface ToolBody {
  type: string;
  name?: string;
  description?: string | null;
  parameters?: Schema | null;
  strict?: boolean | null;
  format?: { type: string; definition?: string } | null;
  defer_loading?: boolean | null;
  tools?: ToolBody[];
  execution?: string | null;
}

/** Any item, of the input or of the output; which members it has, its type says. */
export interface Item {
  type?: string | null;
  id?: string | null;
  role?: string;
  content?: string | Part[] | null;
  call_id?: string | null;
  name?: string | null;
  namespace?: string | null;
  arguments?: unknown;
  input?: string;
  output?: string | Part[] | null;
  operation?: unknown;
  tools?: ToolBody[];
  summary?: unknown[];
  encrypted_content?: string | null;
  status?: string | null;
  [member: string]: unknown;
}

export interface Part {
  type: string;
  text?: string;
  refusal?: string;
  image_url?: string | null;
  file_data?: string | null;
  filename?: string | null;
  file_id?: string | null;
  file_url?: string | null;
  prompt_cache_breakpoint?: object | null;
}

export const itemsIn = ({ input }: ResponseBody): Item[] =>
  typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : (input ?? []);

export const partsOf = (content: string | Part[] | null | undefined): Part[] =>
  typeof content === 'string' ? [{ type: 'input_text', text: content }] : (content ?? []);
