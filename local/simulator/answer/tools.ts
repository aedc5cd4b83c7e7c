import { type ConverseRequest, lastUserText, type Tool } from '../converse/request.ts';
import type { SimulatedModel } from '../models/model.ts';
import { withoutDirectives } from '../scenarios/directives.ts';
import type { AnswerBlock } from './answer.ts';
import { toolUseId } from './ids.ts';
import { valueFor, type Words } from './schema-value.ts';

type ToolSpec = NonNullable<Tool['toolSpec']>;

const smallTalk = /^(hi|hey|hello|thanks|thank you|good (morning|evening)|bye)\b[^?]{0,20}$/i;
const declined = /\b(without (any )?tools?|no tools?|don'?t (call|use))\b/i;
const several = /\b(two|both|twice|parallel)\b/i;

/**
 * The calls the conversation asks for: one when tools are given and the last turn is the user's words, two when
 * the words ask for two; whatever was said when the choice is forced. Empty otherwise.
 */
export function toolCallsFor(request: ConverseRequest, model: SimulatedModel): AnswerBlock[] {
  const specs = (request.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => (toolSpec ? [toolSpec] : []));
  const text = withoutDirectives(lastUserText(request));
  const { any, tool } = obeyedChoice(request, model);
  const forced = Boolean(any ?? tool);
  if (specs.length === 0 || (!forced && !asksForTool(request, text))) return [];
  const ranked = tool ? specs.filter(({ name }) => name === tool.name) : byRelevance(specs, text);
  const chosen =
    several.test(text) && !singleCall(request) ? [ranked[0]!, ranked[1] ?? ranked[0]!] : [ranked[0]!];
  const words = wordsOf(text);
  const seed = JSON.stringify(request.messages);
  return chosen.map(({ name, inputSchema }, i) => ({
    toolUse: {
      toolUseId: model.family.name.startsWith('Kimi') ? `functions.${name}:${i}` : toolUseId(`${seed} ${i}`),
      name,
      input: valueFor({ type: 'object', ...inputSchema.json }, words),
      // Nova 2 says what kind of call it is (recorded).
      ...(model.family.thinking.kind === 'nova' && { type: 'tool_use' }),
    },
  }));
}

/** DeepSeek takes a named tool and does not mind it, nor `any` beside an effort (langchain-ai/langchain-aws#1261). */
function obeyedChoice(
  { toolConfig, additionalModelRequestFields: fields }: ConverseRequest,
  { family }: SimulatedModel,
) {
  const choice = toolConfig?.toolChoice ?? {};
  if (!family.disobeysChoice) return choice;
  return choice.tool || fields?.reasoning_effort !== undefined ? {} : choice;
}

function asksForTool({ messages = [] }: ConverseRequest, text: string): boolean {
  const last = messages.at(-1);
  const answered = last?.content.some(({ toolResult }) => toolResult);
  return last?.role === 'user' && !answered && !smallTalk.test(text) && !declined.test(text);
}

function singleCall({ additionalModelRequestFields: fields }: ConverseRequest): boolean {
  return (
    (fields?.tool_choice as { disable_parallel_tool_use?: boolean } | undefined)
      ?.disable_parallel_tool_use === true
  );
}

/** Tools whose name or description shares words with the text come first; otherwise the order is the client's. */
function byRelevance(specs: readonly ToolSpec[], text: string): ToolSpec[] {
  const said = new Set(wordsIn(text));
  const score = ({ name, description = '' }: ToolSpec) =>
    3 * wordsIn(name).filter((word) => said.has(word)).length +
    wordsIn(description).filter((word) => said.has(word)).length;
  return [...specs].sort((a, b) => score(b) - score(a));
}

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
const wordsIn = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2 && !common.has(word));

/** Names in the text, one after the other; the text itself when there are none. */
function wordsOf(text: string): Words {
  const names = [...text.matchAll(/(?<=[\p{L}\p{N},'’] )\p{Lu}[\p{L}\p{N}]*/gu)].map(([name]) => name);
  let next = 0;
  return { next: () => names[next++] ?? names.at(-1) ?? (text.slice(0, 100) || 'value') };
}
