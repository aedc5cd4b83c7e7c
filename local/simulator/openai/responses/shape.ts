import {
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
import { itemShape } from './item-shapes.ts';
import { toolChoiceShape, toolShape } from './tool-shapes.ts';

const format = tagged({
  text: object({ type: string }),
  json_object: object({ type: string }),
  json_schema: object(
    {
      type: string,
      name: texts(64, /^[a-zA-Z0-9_-]+$/),
      description: string,
      schema: map(),
      strict: boolean,
    },
    'name',
    'schema',
  ),
});

const summary = oneOf('auto', 'concise', 'detailed');

/** The request of https://platform.openai.com/docs/api-reference/responses/create, as openai 7.55 types it. */
export const responseShape: Shape = object(
  {
    model: string,
    input: either(string, array(itemShape)),
    instructions: string,
    previous_response_id: string,
    conversation: either(string, object({ id: string }, 'id')),
    background: boolean,
    store: boolean,
    stream: boolean,
    stream_options: object({ include_obfuscation: boolean }),
    include: array(
      oneOf(
        'reasoning.encrypted_content',
        'message.output_text.logprobs',
        'message.input_image.image_url',
        'computer_call_output.output.image_url',
        'file_search_call.results',
        'web_search_call.results',
        'web_search_call.action.sources',
        'code_interpreter_call.outputs',
      ),
    ),
    max_output_tokens: integer(16),
    max_tool_calls: integer(1),
    temperature: number(0, 2),
    top_p: number(0, 1),
    top_logprobs: integer(0, 20),
    reasoning: object({
      effort: string,
      summary,
      generate_summary: summary,
      context: oneOf('auto', 'current_turn', 'all_turns'),
      mode: string,
    }),
    text: object({ format, verbosity: oneOf('low', 'medium', 'high') }),
    tools: array(toolShape, 0, 128),
    tool_choice: toolChoiceShape,
    parallel_tool_calls: boolean,
    truncation: oneOf('auto', 'disabled'),
    service_tier: oneOf('auto', 'default', 'flex', 'priority', 'ultrafast'),
    prompt_cache_key: texts(64),
    prompt_cache_options: object({ mode: oneOf('implicit', 'explicit'), ttl: oneOf('30m') }),
    prompt_cache_retention: oneOf('in_memory', '24h'),
    context_management: array(object({ type: oneOf('compaction'), compact_threshold: integer(1) }, 'type')),
    prompt: object({ id: string, version: string, variables: map() }, 'id'),
    safety_identifier: texts(64),
    user: string,
    metadata,
  },
  'model',
);
