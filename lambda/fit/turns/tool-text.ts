import { toolInputText } from '../../canonical/tool-input.ts';
import type { ContentBlock, TextBlock, ToolResultBlock, ToolUseBlock } from '../../canonical/types.ts';
import { wellFormedJson } from '../../canonical/well-formed.ts';

/** What a result says that holds nothing: some models take no empty one, and all understand this. */
export const noOutput = '(no output)';

/** A tool result as plain text, for where no tool result can stand; media follow it as they are. */
export function resultAsText({ toolResult }: ToolResultBlock, of: string): ContentBlock[] {
  const texts: string[] = [];
  const others: ContentBlock[] = [];
  for (const part of toolResult.content) {
    if ('text' in part) texts.push(part.text);
    else if ('json' in part) texts.push(wellFormedJson(part.json));
    else others.push(part);
  }
  const outcome = toolResult.status === 'error' ? 'Error' : 'Result';
  const text = texts.join('\n');
  return [{ text: `${outcome} of ${of}:\n${text.trim() === '' ? noOutput : text}` }, ...others];
}

/** A tool call as plain text. */
export function callAsText({ toolUse }: ToolUseBlock): TextBlock {
  return { text: `Called the tool ${toolUse.name} with ${toolInputText(toolUse.input)}` };
}
