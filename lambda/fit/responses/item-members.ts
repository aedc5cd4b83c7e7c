/**
 * What items and their parts may hold, by type, as the `openai` package 7.55 has them in its types
 * (https://platform.openai.com/docs/api-reference/responses/create). Everything else is a client's own: Codex keeps notes
 * in items, OpenAI's SDKs what they have parsed, frameworks ids of theirs, and unknown members are refused ("Unknown
 * parameter: 'input[2].parsed_arguments'."). Types that are not here are newer than this, and go on as they are.
 */
const call = ['type', 'id', 'status', 'call_id', 'caller'];
const named = [...call, 'name', 'namespace', 'async'];

export const itemMembers: Readonly<Record<string, readonly string[]>> = {
  // Those of agents are encrypted.
  message: ['type', 'id', 'role', 'content', 'status', 'phase', 'encrypted_content'],
  reasoning: ['type', 'id', 'summary', 'content', 'encrypted_content', 'status'],
  function_call: [...named, 'arguments'],
  function_call_output: [...named, 'output'],
  custom_tool_call: [...named, 'input'],
  custom_tool_call_output: [...call, 'output'],
  tool_search_call: [...call, 'execution', 'arguments'],
  tool_search_output: [...call, 'execution', 'tools'],
  additional_tools: ['type', 'id', 'role', 'tools'],
  apply_patch_call: [...call, 'operation'],
  apply_patch_call_output: [...call, 'output'],
  compaction: ['type', 'id', 'encrypted_content'],
};

export const partMembers: Readonly<Record<string, readonly string[]>> = {
  input_text: ['type', 'text', 'prompt_cache_breakpoint'],
  output_text: ['type', 'text', 'annotations', 'logprobs', 'prompt_cache_breakpoint'],
  refusal: ['type', 'refusal', 'prompt_cache_breakpoint'],
  input_image: ['type', 'image_url', 'file_id', 'detail', 'prompt_cache_breakpoint'],
  input_file: ['type', 'file_data', 'file_id', 'file_url', 'filename', 'detail', 'prompt_cache_breakpoint'],
};

/** Of what stands behind a text: the gateway's own of other models say besides where in a document it was found. */
export const annotationMembers: Readonly<Record<string, readonly string[]>> = {
  url_citation: ['type', 'url', 'title', 'start_index', 'end_index'],
  file_citation: ['type', 'file_id', 'filename', 'index'],
  container_file_citation: ['type', 'container_id', 'file_id', 'filename', 'start_index', 'end_index'],
  file_path: ['type', 'file_id', 'index'],
};
