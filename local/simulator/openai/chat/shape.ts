import {
  anything,
  array,
  boolean,
  either,
  integer,
  map,
  metadata,
  number,
  object,
  oneOf,
  type Shape,
  string,
  tagged,
  texts,
} from '../shape/shape.ts';

/** The request of https://platform.openai.com/docs/api-reference/chat/create, as openai 7.55 has it in its types. */

const breakpoint = object({ mode: oneOf('explicit') }, 'mode');
const part = (members: Record<string, Shape>, ...required: string[]) =>
  object({ type: string, prompt_cache_breakpoint: breakpoint, ...members }, 'type', ...required);

const text = part({ text: string }, 'text');
const userParts = tagged({
  text,
  image_url: part(
    { image_url: object({ url: string, detail: oneOf('auto', 'low', 'high', 'original') }, 'url') },
    'image_url',
  ),
  input_audio: part(
    { input_audio: object({ data: string, format: oneOf('wav', 'mp3') }, 'data', 'format') },
    'input_audio',
  ),
  file: part({ file: object({ file_data: string, file_id: string, filename: string }) }, 'file'),
});
const content = (of: Shape) => either(string, array(of, 1));
/** No id of a call is longer, as public reports of refusals have it. */
const id = texts(40);
const name = texts(64, /^[a-zA-Z0-9_-]+$/);

const functionCall = object(
  {
    id,
    type: oneOf('function'),
    function: object({ name, arguments: string }, 'name', 'arguments'),
  },
  'id',
  'type',
  'function',
);

const roles: Record<string, Shape> = {
  system: object({ role: string, content: content(tagged({ text })), name: string }, 'content'),
  developer: object({ role: string, content: content(tagged({ text })), name: string }, 'content'),
  user: object({ role: string, content: content(userParts), name: string }, 'content'),
  assistant: object({
    role: string,
    content: content(tagged({ text, refusal: part({ refusal: string }, 'refusal') })),
    refusal: string,
    name: string,
    tool_calls: array(functionCall, 1),
  }),
  tool: object(
    { role: string, content: content(tagged({ text })), tool_call_id: id },
    'content',
    'tool_call_id',
  ),
};

/** Of a message its role alone: what else it may hold depends on that. */
export const message: Shape = map();
export const roleNames: readonly string[] = Object.keys(roles);
export const shapeOfRole = (role: string): Shape | undefined =>
  Object.hasOwn(roles, role) ? roles[role] : undefined;

const tool = tagged({
  function: object(
    {
      type: string,
      function: object({ name, description: string, parameters: map(), strict: boolean }, 'name'),
    },
    'function',
  ),
});

const namedFunction = object(
  { type: oneOf('function'), function: object({ name: string }, 'name') },
  'function',
);

const responseFormat = tagged({
  text: object({ type: string }),
  json_object: object({ type: string }),
  json_schema: object(
    {
      type: string,
      json_schema: object({ name, description: string, schema: map(), strict: boolean }, 'name'),
    },
    'json_schema',
  ),
});

export const chatShape: Shape = object(
  {
    model: string,
    messages: array(message, 1),
    stream: boolean,
    stream_options: object({ include_usage: boolean, include_obfuscation: boolean }),
    n: integer(1, 128),
    stop: either(string, array(string, 0, 4)),
    max_tokens: integer(1),
    max_completion_tokens: integer(1),
    reasoning_effort: string,
    verbosity: oneOf('low', 'medium', 'high'),
    temperature: number(0, 2),
    top_p: number(0, 1),
    presence_penalty: number(-2, 2),
    frequency_penalty: number(-2, 2),
    logprobs: boolean,
    top_logprobs: integer(0, 20),
    logit_bias: map(number(-100, 100)),
    seed: integer(),
    tools: array(tool, 1, 128),
    tool_choice: either(oneOf('none', 'auto', 'required'), namedFunction),
    parallel_tool_calls: boolean,
    response_format: responseFormat,
    service_tier: oneOf('auto', 'default', 'flex', 'priority'),
    prompt_cache_key: texts(64),
    prompt_cache_retention: string,
    safety_identifier: texts(64),
    user: string,
    store: boolean,
    metadata,
    modalities: array(oneOf('text')),
    // Silently without effect (live); a guardrail is asked for in headers.
    guardrailConfig: anything,
  },
  'model',
  'messages',
);
