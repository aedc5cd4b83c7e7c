import type { ConverseRequest, Tool } from '../converse/request.ts';
import { wordsIn } from './words.ts';

export type ToolSpec = NonNullable<Tool['toolSpec']>;

/**
 * The tools as the model would call them: those first that it has not called since the user spoke, and among
 * these, when it has called one, those that end the work, so that an agent that demands a call in every turn comes
 * to an end. Then by the words that a tool shares with the text; otherwise the order is the client's.
 */
export function toolsInOrder(request: ConverseRequest, specs: readonly ToolSpec[], text: string): ToolSpec[] {
  const calls = callsSinceUser(request);
  const said = new Set(meaningful(text));
  const score = ({ name, description = '' }: ToolSpec) =>
    3 * meaningful(name).filter((word) => said.has(word)).length +
    meaningful(description).filter((word) => said.has(word)).length;
  const ends = (spec: ToolSpec) => Number(calls.size > 0 && endsTheWork(spec));
  const times = ({ name }: ToolSpec) => calls.get(name) ?? 0;
  // Where all have been called, ending comes before an even turn.
  const all = specs.every((spec) => times(spec) > 0);
  return [...specs].sort((a, b) =>
    all
      ? ends(b) - ends(a) || times(a) - times(b) || score(b) - score(a)
      : Math.min(times(a), 1) - Math.min(times(b), 1) || ends(b) - ends(a) || score(b) - score(a),
  );
}

/** How often each tool was called since the user's last words. */
function callsSinceUser({ messages = [] }: ConverseRequest): Map<string, number> {
  const from = messages.findLastIndex(
    ({ role, content }) => role === 'user' && content.some(({ text }) => text?.trim()),
  );
  const counts = new Map<string, number>();
  for (const { toolUse } of messages.slice(from + 1).flatMap(({ content }) => content)) {
    if (toolUse) counts.set(toolUse.name, (counts.get(toolUse.name) ?? 0) + 1);
  }
  return counts;
}

const endings = new Set([
  'final',
  'answer',
  'respond',
  'response',
  'reply',
  'submit',
  'finish',
  'finished',
  'complete',
  'completion',
  'done',
  'end',
  'result',
]);

const endsTheWork = ({ name, description = '' }: ToolSpec): boolean =>
  wordsIn(name).some((word) => endings.has(word)) ||
  /\bfinal (answer|response|result|output)\b/i.test(description);

const common = new Set([
  'the',
  'and',
  'for',
  'get',
  'set',
  'use',
  'with',
  'what',
  'that',
  'this',
  'you',
  'are',
]);

const meaningful = (text: string): string[] =>
  wordsIn(text).filter((word) => word.length > 2 && !common.has(word));
