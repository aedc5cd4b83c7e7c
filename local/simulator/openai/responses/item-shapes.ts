import {
  anything,
  array,
  boolean,
  either,
  integer,
  type Members,
  map,
  object,
  oneOf,
  roled,
  type Shape,
  string,
  tagged,
  texts,
} from '../shape/shape.ts';
import { toolShape } from './tool-shapes.ts';

/** The items of https://platform.openai.com/docs/api-reference/responses/create, as openai 7.55 types them. */

/** No id is longer, as public reports of refusals have it. */
const id = texts(64);
const name = texts(128, /^[a-zA-Z0-9_-]+$/);
const status = oneOf('in_progress', 'completed', 'incomplete');
const breakpoint = object({ mode: oneOf('explicit') }, 'mode');
const typed = (members: Members, ...required: string[]) =>
  object({ type: string, ...members }, 'type', ...required);
const part = (members: Members, ...required: string[]) =>
  typed({ prompt_cache_breakpoint: breakpoint, ...members }, ...required);

const inputParts = {
  input_text: part({ text: string }, 'text'),
  input_image: part({
    image_url: string,
    file_id: id,
    detail: oneOf('low', 'high', 'auto', 'original'),
  }),
  input_file: part({
    file_data: string,
    file_id: id,
    file_url: string,
    filename: string,
    detail: oneOf('auto', 'low', 'high'),
  }),
};
const place = { start_index: integer(0), end_index: integer(0) };
const annotation = tagged({
  url_citation: typed({ url: string, title: string, ...place }, 'url', 'title', ...Object.keys(place)),
  file_citation: typed(
    { file_id: string, filename: string, index: integer(0) },
    'file_id',
    'filename',
    'index',
  ),
  container_file_citation: typed(
    { container_id: string, file_id: string, filename: string, ...place },
    'container_id',
    'file_id',
    'filename',
    ...Object.keys(place),
  ),
  file_path: typed({ file_id: string, index: integer(0) }, 'file_id', 'index'),
});
const outputParts = {
  output_text: part({ text: string, annotations: array(annotation), logprobs: array(map()) }, 'text'),
  refusal: part({ refusal: string }, 'refusal'),
};
const outputs = either(string, array(tagged(inputParts)));
const caller = tagged({ direct: typed({}), program: typed({ caller_id: id }, 'caller_id') });

const messageOf = (parts: Members, ...roles: string[]) =>
  object(
    {
      type: oneOf('message'),
      id,
      role: oneOf(...roles),
      content: either(string, array(tagged(parts))),
      status,
      phase: oneOf('commentary', 'final_answer'),
    },
    'role',
    'content',
  );
/** What the assistant said is output, all else is input. */
const message = roled(
  { assistant: messageOf(outputParts, 'assistant') },
  messageOf(inputParts, 'user', 'assistant', 'system', 'developer'),
);

/** Named `id`, `status` and `caller` may stand in every call and every result. */
const item = (members: Members, ...required: string[]) =>
  typed({ id, status, caller, ...members }, ...required);

const text = (type: string) => object({ type: oneOf(type), text: string }, 'type', 'text');

export const itemShape: Shape = tagged(
  {
    message,
    reasoning: typed(
      {
        id,
        summary: array(text('summary_text')),
        content: array(text('reasoning_text')),
        encrypted_content: string,
        status,
      },
      'summary',
    ),
    function_call: item(
      { call_id: id, name, namespace: name, arguments: string, async: boolean },
      'call_id',
      'name',
      'arguments',
    ),
    function_call_output: item({ call_id: id, name, namespace: name, output: outputs }, 'output'),
    custom_tool_call: item(
      { call_id: id, name, namespace: name, input: string, async: boolean },
      'call_id',
      'name',
      'input',
    ),
    custom_tool_call_output: item({ call_id: id, output: outputs }, 'call_id', 'output'),
    tool_search_call: item({ call_id: id, execution: oneOf('server', 'client'), arguments: anything }),
    tool_search_output: item(
      { call_id: id, execution: oneOf('server', 'client'), tools: array(toolShape) },
      'tools',
    ),
    additional_tools: typed({ id, role: oneOf('developer'), tools: array(toolShape) }, 'role', 'tools'),
    apply_patch_call: item({ call_id: id, operation: map() }, 'call_id', 'operation'),
    apply_patch_call_output: typed(
      { id, call_id: id, status: oneOf('completed', 'failed'), output: string, caller },
      'call_id',
      'status',
    ),
    computer_call: item(
      { call_id: id, action: map(), actions: array(map()), pending_safety_checks: array(map()) },
      'call_id',
    ),
    computer_call_output: item(
      { call_id: id, output: map(), acknowledged_safety_checks: array(map()) },
      'call_id',
      'output',
    ),
    mcp_list_tools: typed(
      { id, server_label: string, tools: array(map()), error: string },
      'id',
      'server_label',
      'tools',
    ),
    mcp_approval_request: typed({ id, arguments: string, name: string, server_label: string }, 'id'),
    mcp_approval_response: typed(
      { id, approval_request_id: id, approve: boolean, reason: string },
      'approval_request_id',
      'approve',
    ),
    mcp_call: typed(
      {
        id,
        arguments: string,
        name: string,
        server_label: string,
        approval_request_id: id,
        error: anything,
        output: string,
        status: string,
      },
      'id',
    ),
    compaction: typed({ id, encrypted_content: string }, 'encrypted_content'),
    item_reference: typed({ id }, 'id'),
  },
  message,
);
