import { invalid } from '../../errors.ts';
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
  type Shape,
  string,
  tagged,
  texts,
} from '../shape/shape.ts';

const name = texts(128, /^[a-zA-Z0-9_-]+$/);
const callers = array(oneOf('direct', 'programmatic'));
const tool = (members: Members, ...required: string[]) =>
  object({ type: string, ...members }, 'type', ...required);

const functionTool = tool(
  {
    name,
    description: string,
    parameters: map(),
    strict: boolean,
    async: boolean,
    defer_loading: boolean,
    output_schema: map(),
    allowed_callers: callers,
  },
  'name',
);
const customTool = tool(
  {
    name,
    description: string,
    format: tagged({
      text: object({ type: string }),
      grammar: object(
        { type: string, syntax: oneOf('lark', 'regex'), definition: string },
        'syntax',
        'definition',
      ),
    }),
    async: boolean,
    defer_loading: boolean,
    allowed_callers: callers,
  },
  'name',
);

/** The kinds that the runtime endpoint names in its own refusal (BerriAI/litellm 1.110.2). */
export const toolShape: Shape = tagged({
  function: functionTool,
  mcp: tool(
    {
      server_label: string,
      server_url: string,
      server_description: string,
      connector_id: string,
      allowed_tools: anything,
      authorization: string,
      headers: map(string),
      require_approval: anything,
      defer_loading: boolean,
      allowed_callers: callers,
    },
    'server_label',
  ),
  custom: customTool,
  apply_patch: tool({ allowed_callers: callers }),
  namespace: tool(
    { name, description: string, tools: array(tagged({ function: functionTool, custom: customTool }), 1) },
    'name',
    'description',
    'tools',
  ),
  tool_search: tool({ execution: oneOf('server', 'client'), description: string, parameters: map() }),
  computer: tool({ display_width: integer(1), display_height: integer(1), environment: string }),
});

/** What else is refused in words of its own. Throws BedrockError. */
export function checkToolKinds(tools: unknown): void {
  if (!Array.isArray(tools)) return;
  if (tools.some((each) => String(each?.type).startsWith('web_search')))
    throw invalid('web search is not supported for this request');
}

export const toolChoiceShape: Shape = either(
  oneOf('none', 'auto', 'required'),
  tagged({
    function: tool({ name: string }, 'name'),
    custom: tool({ name: string }, 'name'),
    mcp: tool({ server_label: string, name: string }, 'server_label'),
    apply_patch: tool({}),
    allowed_tools: tool({ mode: oneOf('auto', 'required'), tools: array(map()) }, 'mode', 'tools'),
  }),
);
