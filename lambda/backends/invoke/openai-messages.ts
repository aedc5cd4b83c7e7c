import { toolInputText } from '../../canonical/tool-input.ts';
import type {
  ContentBlock,
  ConverseRequest,
  ImageBlock,
  JsonObject,
  Message,
  ToolResultBlock,
  ToolUseBlock,
} from '../../canonical/types.ts';
import { wellFormedJson } from '../../canonical/well-formed.ts';
import { field, type Note, note } from '../../fields.ts';
import { blockText, kindInWords, systemText, turnText } from './block-text.ts';
import { cannotCarry } from './refuse.ts';

/** The conversation as messages of a chat completion. Throws a 400 for what those cannot hold. */
export function openAiMessages({ system, messages }: ConverseRequest): JsonObject[] {
  const instruction = systemText(system);
  const rendered = messages.flatMap((message, index) =>
    messagesOf(message, note`${field('messages', index)}.content`),
  );
  return instruction === '' ? rendered : [{ role: 'system', content: instruction }, ...rendered];
}

function messagesOf(message: Message, path: Note): JsonObject[] {
  return message.role === 'assistant' ? [assistantMessage(message, path)] : userMessages(message, path);
}

function assistantMessage({ content }: Message, path: Note): JsonObject {
  const calls = content.filter((block): block is ToolUseBlock => 'toolUse' in block);
  const said = content.filter((block) => !('toolUse' in block));
  const text = turnText('assistant', said, path);
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }),
  };
}

function toolCall({ toolUse }: ToolUseBlock): JsonObject {
  const { toolUseId, name, input } = toolUse;
  return { id: toolUseId, type: 'function', function: { name, arguments: toolInputText(input) } };
}

/** Results are messages of their own and stand before what the user adds to them. */
function userMessages({ role, content }: Message, path: Note): JsonObject[] {
  const results = content.filter((block): block is ToolResultBlock => 'toolResult' in block);
  const rest = content.filter((block) => !('toolResult' in block || 'cachePoint' in block));
  return [
    ...results.map((block) => toolMessage(block, path)),
    ...(rest.length > 0 ? [{ role, content: parts(rest, path) }] : []),
  ];
}

function toolMessage({ toolResult }: ToolResultBlock, path: Note): JsonObject {
  const texts = toolResult.content.map((part) => {
    if ('text' in part) return part.text;
    if ('json' in part) return wellFormedJson(part.json);
    throw cannotCarry(`${kindInWords(part)} in tool results`, path);
  });
  return { role: 'tool', tool_call_id: toolResult.toolUseId, content: texts.join('\n') };
}

/** A string where there is only text: not every chat template takes a list. */
function parts(blocks: readonly ContentBlock[], path: Note): string | JsonObject[] {
  if (!blocks.some((block) => 'image' in block)) return turnText('user', blocks, path);
  return blocks.map((block) =>
    'image' in block ? imagePart(block, path) : { type: 'text', text: blockText(block, path) },
  );
}

function imagePart({ image }: ImageBlock, path: Note): JsonObject {
  const { bytes } = image.source;
  if (bytes === undefined) throw cannotCarry('images in S3', path);
  return { type: 'image_url', image_url: { url: `data:image/${image.format};base64,${bytes}` } };
}
