import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { extra, type RepairRow, says, unsupported, when } from './row.ts';

/** After native structured output. */
const nextWay = ({ structuredOutput, tools }: Capabilities): Capabilities['structuredOutput'] => {
  if (structuredOutput !== 'native') return structuredOutput;
  return tools ? 'tool' : 'prompt';
};

/** Tools, the choice of one, their results, and schemas. */
export const toolRepairs: readonly RepairRow[] = [
  {
    text: says(
      extra(/output_config\.format/),
      unsupported(/outputConfig(?:\.textFormat)?/),
      /[Ss]tructured outputs? (?:is|are) not supported/,
    ),
    correct: (c) => when(c.structuredOutput === 'native', { structuredOutput: nextWay(c) }),
    warning: note`the output schema is asked for in another way: the model does not take it natively`,
  },
  {
    text: says(
      /output_config\.format\.schema\b/,
      /Schemas contains too many /,
      /The compiled grammar is too large/,
      /(?:Grammar )?compilation exceeded limits/,
      /Grammar compilation timed out/,
    ),
    correct: (c) =>
      when(c.structuredOutput === 'native' || c.strictTools, {
        structuredOutput: nextWay(c),
        strictTools: false,
      }),
    warning: note`the model is not bound to the schemas of this request: they are too much for its grammar`,
    onlyThisRequest: true,
  },
  {
    text: says(/Too many strict tools/, /tools\.\d+\.custom: (?:Schema type '|For '\w+' type, )/),
    correct: (c) => when(c.strictTools, { strictTools: false }),
    warning: note`strict was left out of the tools: their schemas are too much for the model’s grammar`,
    onlyThisRequest: true,
  },
  {
    text: says(extra(/tools\.\d+\.(?:custom\.)?strict/), unsupported(/[\w.]*strict/)),
    correct: (c) => when(c.strictTools, { strictTools: false }),
    warning: note`strict was left out of the tools: the model refuses it`,
  },
  {
    text: says(
      /Malformed input request: #\/toolConfig\/tools\/\d+\/toolSpec\/inputSchema\/json: extraneous key \[[^\]]{1,200}\] is not permitted/,
    ),
    correct: (c) => when(c.schemaRules !== 'nova', { schemaRules: 'nova' }),
    warning: note`schemas of tools have only type, properties and required at their root: the model takes no more`,
  },
  {
    text: says(/This model doesn['\u2019]t support tool use\b(?! in streaming mode)/),
    correct: (c) => when(c.tools, { tools: false }),
    warning: note`${field('tools')} were left out: the model refuses them`,
  },
  {
    text: says(/This model doesn['\u2019]t support tool use in streaming mode/),
    correct: (c) => when(c.toolsInStream, { toolsInStream: false }),
    warning: note`the answer came in one piece: the model does not stream tool calls`,
  },
  {
    text: says(/tool_choice: type .{1,40} (?:is|are) not supported for this model/),
    correct: (c) => when(c.toolChoice.tool || c.toolChoice.any, { toolChoice: { any: false, tool: false } }),
    warning: note`${field('toolChoice')} became auto: the model cannot be made to call a tool`,
  },
  {
    text: says(unsupported(/toolConfig\.toolChoice\.any/)),
    correct: (c) => when(c.toolChoice.any, { toolChoice: { ...c.toolChoice, any: false } }),
    warning: note`${field('toolChoice')} became auto: the model refuses ${field('toolChoice.any')}`,
  },
  {
    text: says(unsupported(/toolConfig\.toolChoice(?:\.tool)?/)),
    correct: (c) => when(c.toolChoice.tool || c.toolChoice.any, { toolChoice: { any: false, tool: false } }),
    warning: note`${field('toolChoice')} became auto: the model refuses a named tool`,
  },
  {
    text: says(unsupported(/status/)),
    correct: (c) => when(c.toolResultStatus, { toolResultStatus: false }),
    warning: note`the status of tool results was left out: the model refuses it`,
  },
  {
    text: says(
      /(?:messages\.\d+\.content: )?(?:Conversation blocks and tool result|ToolResult) blocks cannot be provided in the same turn/,
    ),
    correct: (c) => when(!c.toolResultsAlone, { toolResultsAlone: true }),
    warning: note`tool results were put in a turn of their own`,
  },
  {
    text: says(
      /(?:messages\.\d+\.content: )?Conversation blocks and tool use blocks cannot be provided in the same turn/,
    ),
    correct: (c) => when(!c.toolCallsAlone, { toolCallsAlone: true }),
    warning: note`tool calls were put in a turn of their own`,
  },
  {
    text: says(unsupported(/(?:toolConfig\.[\w.]*)?systemTool/)),
    correct: (c) => when(c.webSearchTool !== undefined, { webSearchTool: undefined }),
    warning: note`web search was left out: the model has none here`,
  },
];
