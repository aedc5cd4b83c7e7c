import { type ConverseRequest, lastUserText, textOf, textOfBlock } from '../converse/request.ts';

/**
 * What stands beside the conversation: the system prompt, or the first of the user's turns where a model
 * has none; and what the user said last.
 */
export function instructionsIn(request: ConverseRequest): [standing: string, last: string] {
  const system = (request.system ?? []).map(textOfBlock).join('\n');
  const [first] = request.messages ?? [];
  const last = lastUserText(request);
  const opening = first && textOf(first) !== last ? textOf(first) : '';
  return [`${opening}\n${system}`.trim(), last];
}
