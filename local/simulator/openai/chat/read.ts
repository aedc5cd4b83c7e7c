import type { ContentBlock, ConverseRequest, Message, Tool } from '../../converse/request.ts';
import { mergeTurns } from '../../converse/request.ts';
import type { SimulatedModel } from '../../models/model.ts';
import { documentIn, imageAt } from '../media.ts';
import { isGptOss } from '../models.ts';
import { type ChatBody, type ChatMessage, type ChatPart, partsOf } from './body.ts';

const instructs = ({ role }: ChatMessage) => role === 'system' || role === 'developer';

/** The body as Converse would put it: what the answer is made of. Throws BedrockError for media that are none. */
export function readChat(body: ChatBody, model: SimulatedModel): ConverseRequest {
  const { max_tokens, max_completion_tokens, stop } = body;
  const system = body.messages.filter(instructs).flatMap(partsOf);
  return {
    system: system.map(({ text = '' }) => ({ text })),
    messages: mergeTurns(body.messages.filter((each) => !instructs(each)).map(turnOf)),
    inferenceConfig: {
      maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
      stopSequences: typeof stop === 'string' ? [stop] : (stop ?? undefined),
    },
    additionalModelRequestFields: {
      ...effortOf(body, model),
      ...(body.parallel_tool_calls === false && { tool_choice: { disable_parallel_tool_use: true } }),
    },
    ...toolsOf(body, model),
    ...formatOf(body, model),
  };
}

function effortOf({ reasoning_effort: effort }: ChatBody, { family: { thinking } }: SimulatedModel): object {
  if (typeof effort !== 'string') return {};
  if (thinking.kind === 'encrypted') return { reasoning: { effort } };
  return thinking.kind === 'effort' ? { [thinking.key]: effort } : {};
}

function turnOf(message: ChatMessage): Message {
  const { role, tool_call_id = '', tool_calls } = message;
  const blocks = partsOf(message).flatMap(blocksOf);
  if (role === 'tool')
    return {
      role: 'user',
      content: [
        { toolResult: { toolUseId: tool_call_id ?? '', content: blocks.map(({ text }) => ({ text })) } },
      ],
    };
  const calls = (tool_calls ?? []).map(({ id, function: { name, arguments: input } }) => ({
    toolUse: { toolUseId: id, name, input },
  }));
  return { role, content: [...blocks, ...calls] };
}

function blocksOf(part: ChatPart): ContentBlock[] {
  const cachePoint = part.prompt_cache_breakpoint ? [{ cachePoint: { type: 'default' } }] : [];
  return [blockOf(part), ...cachePoint];
}

function blockOf({ type, text, refusal, image_url, file }: ChatPart): ContentBlock {
  if (type === 'image_url') return imageAt(image_url?.url ?? '');
  if (type === 'file') return documentIn(file?.file_data ?? '', file?.filename ?? undefined);
  if (type === 'input_audio') return { audio: { format: 'wav', source: {} } };
  return { text: text ?? refusal ?? '' };
}

/** gpt-oss does not mind which function is named. */
function toolsOf({ tools, tool_choice: choice }: ChatBody, model: SimulatedModel) {
  if (!tools?.length || choice === 'none') return {};
  const specs = tools.map(
    ({ function: { name, description, parameters } }): Tool => ({
      toolSpec: { name, ...(description && { description }), inputSchema: { json: parameters ?? {} } },
    }),
  );
  const named =
    typeof choice === 'object' && choice !== null && !isGptOss(model) ? choice.function : undefined;
  return {
    toolConfig: {
      tools: specs,
      ...(choice === 'required' && { toolChoice: { any: {} } }),
      ...(named && { toolChoice: { tool: named } }),
    },
  };
}

/** A schema binds every model but gpt-oss, which takes it and goes its own way. */
function formatOf({ response_format: format }: ChatBody, model: SimulatedModel) {
  if (!format || format.type === 'text' || isGptOss(model)) return {};
  const { schema = { type: 'object' }, name } = format.json_schema ?? {};
  const structure = { jsonSchema: { schema: JSON.stringify(schema), name } };
  return { outputConfig: { textFormat: { type: 'json_schema', structure } } };
}
