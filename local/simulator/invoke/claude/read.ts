import {
  type CachePoint,
  type ConverseRequest,
  type Message,
  mergeTurns,
  type Schema,
  type Tool as ToolOfConverse,
} from '../../converse/request.ts';
import { blocksOf, type CacheControl, isCustom, type MessagesBody, type Tool, type Turn } from './body.ts';
import { blockOf } from './read-blocks.ts';
import { offeredTools } from './rules/deferred.ts';

/** The body as Converse would put it, block for block and tool for tool, so that indices are the body's own. */
export function readForRules(body: MessagesBody): ConverseRequest {
  const { messages, tools } = body;
  return {
    ...readFields(body),
    system: systemOf(body).map(({ text }) => ({ text })),
    messages: messages.map(({ role, content }) => ({ role, content: blocksOf(content).map(blockOf) })),
    ...toolConfigOf(body, (tools ?? []).map(toolOf)),
  };
}

/** The body as the model reads it: with cache points behind what is marked, and the tools that are loaded. */
export function readForModel(body: MessagesBody): ConverseRequest {
  const { messages } = body;
  const seen = offeredTools(body).filter(({ type = '' }) => !type.startsWith('tool_search_tool'));
  return {
    ...readFields(body),
    system: systemOf(body).flatMap((block) => [{ text: block.text }, ...cachePointOf(block)]),
    messages: mergeTurns(messages.map(markedTurn)),
    ...(body.tool_choice?.type !== 'none' &&
      toolConfigOf(
        body,
        seen.flatMap((tool) => [toolOf(tool), ...cachePointOf(tool)]),
      )),
  };
}

/** All that is neither said nor a tool. */
function readFields(body: MessagesBody): ConverseRequest {
  const { max_tokens, temperature, top_p, top_k, stop_sequences, thinking, anthropic_beta, tool_choice } =
    body;
  const { format, ...effort } = body.output_config ?? {};
  const single = tool_choice?.disable_parallel_tool_use;
  const structure = format && { jsonSchema: { schema: JSON.stringify(format.schema) } };
  return {
    inferenceConfig: {
      maxTokens: max_tokens,
      ...(temperature !== undefined && { temperature }),
      ...(top_p !== undefined && { topP: top_p }),
      ...(stop_sequences && { stopSequences: stop_sequences }),
    },
    additionalModelRequestFields: {
      ...(top_k !== undefined && { top_k }),
      ...(thinking && { thinking }),
      ...(anthropic_beta && { anthropic_beta }),
      ...(body.output_config && { output_config: effort }),
      ...(single && { tool_choice: { disable_parallel_tool_use: true } }),
    },
    ...(structure && { outputConfig: { textFormat: { type: 'json_schema', structure } } }),
  };
}

const systemOf = ({ system = [] }: MessagesBody) =>
  typeof system === 'string' ? [{ text: system, cache_control: null }] : system;

function toolConfigOf(
  { tool_choice: choice }: MessagesBody,
  tools: ToolOfConverse[],
): Pick<ConverseRequest, 'toolConfig'> {
  if (tools.length === 0 && !choice) return {};
  if (choice?.type === 'any') return { toolConfig: { tools, toolChoice: { any: {} } } };
  const named = choice?.type === 'tool' && { toolChoice: { tool: { name: choice.name ?? '' } } };
  return { toolConfig: { tools, ...named } };
}

/** What is told of Anthropic's own tools is no more than is needed to call them. */
const typedSchema: Schema = {
  type: 'object',
  properties: { command: { type: 'string' }, action: { type: 'string' }, path: { type: 'string' } },
};

function toolOf(tool: Tool): ToolOfConverse {
  const { name, description, input_schema = {}, strict } = tool;
  return {
    toolSpec: {
      name,
      ...(description && { description }),
      inputSchema: { json: isCustom(tool) ? input_schema : typedSchema },
      ...(strict !== undefined && { strict }),
    },
  };
}

function markedTurn({ role, content }: Turn): Message {
  const blocks = blocksOf(content).flatMap((block) => [blockOf(block), ...cachePointOf(block)]);
  return { role, content: blocks };
}

function cachePointOf(block: object): { cachePoint: CachePoint }[] {
  const { cache_control: mark } = block as { cache_control?: CacheControl | null };
  return mark ? [{ cachePoint: { type: 'default', ...(mark.ttl && { ttl: mark.ttl }) } }] : [];
}
