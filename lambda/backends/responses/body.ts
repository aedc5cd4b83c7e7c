import { signatureOfResponses } from '../../canonical/reasoning.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type {
  ContentBlock,
  ConverseRequest,
  ImageBlock,
  JsonObject,
  Message,
  ToolChoice,
  ToolConfig,
  ToolResultContent,
} from '../../canonical/types.ts';

/** The least that Responses takes ("Expected a value >= 16"). */
export const leastOutputTokens = 16;

/**
 * A Converse request, fitted to a model that takes no documents, as a body of OpenAI's Responses. What of reasoning did
 * not come from there stays behind: no model can verify it.
 */
export function responsesBody(request: ConverseRequest): JsonObject {
  const { system = [], messages, inferenceConfig = {}, toolConfig, additionalModelRequestFields } = request;
  const { maxTokens, temperature, topP } = inferenceConfig;
  const instructions = system.flatMap((block) => ('text' in block ? [block.text] : [])).join('\n\n');
  return {
    input: messages.flatMap(itemsOf),
    ...(instructions !== '' && { instructions }),
    ...(maxTokens !== undefined && { max_output_tokens: Math.max(maxTokens, leastOutputTokens) }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(toolConfig && toolsOf(toolConfig)),
    include: ['reasoning.encrypted_content'],
    ...additionalModelRequestFields,
  };
}

function toolsOf({ tools, toolChoice }: ToolConfig): JsonObject {
  const functions = tools.flatMap((tool): JsonObject[] => {
    if (!('toolSpec' in tool)) return [];
    const { name, description, inputSchema, strict = false } = tool.toolSpec;
    return [
      { type: 'function', name, ...(description && { description }), parameters: inputSchema.json, strict },
    ];
  });
  return { tools: functions, ...(toolChoice && { tool_choice: choiceOf(toolChoice) }) };
}

function choiceOf(choice: ToolChoice): string | JsonObject {
  if ('tool' in choice) return { type: 'function', name: choice.tool.name };
  return 'any' in choice ? 'required' : 'auto';
}

/** A turn as items, in its own order: what stands between calls is a message of its own. */
function itemsOf({ role, content }: Message): JsonObject[] {
  const items: JsonObject[] = [];
  let parts: JsonObject[] = [];
  const flush = () => {
    if (parts.length > 0) items.push({ type: 'message', role, content: parts });
    parts = [];
  };
  for (const block of content) {
    const part = partOf(block, role);
    if (part) parts.push(part);
    const item = itemOf(block);
    if (!item) continue;
    flush();
    items.push(item);
  }
  flush();
  return items;
}

function partOf(block: ContentBlock, role: Message['role']): JsonObject | undefined {
  if ('text' in block) return { type: role === 'assistant' ? 'output_text' : 'input_text', text: block.text };
  return 'image' in block ? imageOf(block) : undefined;
}

function itemOf(block: ContentBlock): JsonObject | undefined {
  if ('toolUse' in block) {
    const { toolUseId, name, input } = block.toolUse;
    return { type: 'function_call', call_id: toolUseId, name, arguments: toolInputText(input) };
  }
  if ('toolResult' in block) {
    const { toolUseId, content } = block.toolResult;
    return { type: 'function_call_output', call_id: toolUseId, output: content.map(resultOf) };
  }
  if (!('reasoningContent' in block)) return undefined;
  const { text = '', signature = '' } = block.reasoningContent.reasoningText ?? {};
  const encrypted = signatureOfResponses.read(signature);
  if (encrypted === undefined) return undefined;
  const summary = text === '' ? [] : [{ type: 'summary_text', text }];
  return { type: 'reasoning', summary, encrypted_content: encrypted };
}

function resultOf(content: ToolResultContent): JsonObject {
  if ('image' in content) return imageOf(content);
  const text = 'text' in content ? content.text : JSON.stringify('json' in content ? content.json : content);
  return { type: 'input_text', text };
}

function imageOf({ image: { format, source } }: ImageBlock): JsonObject {
  const url = source.s3Location?.uri ?? `data:image/${format};base64,${source.bytes ?? ''}`;
  return { type: 'input_image', detail: 'auto', image_url: url };
}
