import { type ConverseRequest, lastUserText } from '../converse/request.ts';
import type { SimulatedModel } from '../models/model.ts';
import { withoutDirectives } from '../scenarios/directives.ts';
import type { AnswerBlock } from './answer.ts';
import { argumentsFrom } from './arguments.ts';
import { toolUseId } from './ids.ts';
import { instructionsIn } from './instructions.ts';
import { valueFor } from './schema/value.ts';
import { type ToolSpec, toolsInOrder } from './tool-choice.ts';

const smallTalk = /^(hi|hey|hello|thanks|thank you|good (morning|evening)|bye)\b[^?]{0,20}$/i;
const declined = /\b(without (any )?tools?|no tools?|do(n'?t| not) (call|use))\b/i;
const forbidden = /\b(answer|reply|respond) without (calling|using) (them|any|tools?)\b/i;
const several = /\b(two|both|twice|parallel)\b/i;

/**
 * The calls the conversation asks for: one when tools are given and the last turn is the user's words, two when
 * the words ask for two; whatever was said when the choice is forced. Then, where the instructions want the answer
 * as a call, that one. Empty otherwise.
 */
export function toolCallsFor(request: ConverseRequest, model: SimulatedModel): AnswerBlock[] {
  const specs = specsIn(request);
  const text = withoutDirectives(lastUserText(request));
  const { any, tool } = obeyedChoice(request, model);
  const answering = answerTool(request, specs);
  const free = specs.filter((spec) => spec !== answering);
  if (tool) return callsOf(request, model, text, specs.filter(({ name }) => name === tool.name).slice(0, 1));
  if (any) return callsOf(request, model, text, chosen(request, specs, text));
  if (free.length > 0 && asksForTool(request, text))
    return callsOf(request, model, text, chosen(request, free, text));
  return answering ? callsOf(request, model, text, [answering]) : [];
}

const specsIn = ({ toolConfig }: ConverseRequest): ToolSpec[] =>
  (toolConfig?.tools ?? []).flatMap(({ toolSpec }) => (toolSpec ? [toolSpec] : []));

function chosen(request: ConverseRequest, specs: readonly ToolSpec[], text: string): ToolSpec[] {
  const ranked = toolsInOrder(request, specs, text);
  const two = several.test(text) && !singleCall(request);
  return two ? [ranked[0]!, ranked[1] ?? ranked[0]!] : ranked.slice(0, 1);
}

function callsOf(
  request: ConverseRequest,
  model: SimulatedModel,
  text: string,
  specs: readonly ToolSpec[],
): AnswerBlock[] {
  const seed = JSON.stringify(request.messages);
  // Two calls of one tool are given the names in the text one after the other.
  const choices = new Map(specs.map((spec) => [spec, argumentsFrom(text, spec)]));
  return specs.map((spec, i) => ({
    toolUse: {
      toolUseId: model.family.name.startsWith('Kimi')
        ? `functions.${spec.name}:${i}`
        : toolUseId(`${seed} ${i}`),
      name: spec.name,
      input: valueFor({ type: 'object', ...spec.inputSchema.json }, choices.get(spec)!),
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

function asksForTool(request: ConverseRequest, text: string): boolean {
  const last = request.messages?.at(-1);
  const answered = last?.content.some(({ toolResult }) => toolResult);
  if (last?.role !== 'user' || answered || smallTalk.test(text) || declined.test(text)) return false;
  return !instructionsIn(request).some((instruction) => forbidden.test(instruction));
}

function singleCall({ additionalModelRequestFields: fields }: ConverseRequest): boolean {
  return (
    (fields?.tool_choice as { disable_parallel_tool_use?: boolean } | undefined)
      ?.disable_parallel_tool_use === true
  );
}

/** The tool that the instructions name as the way to answer: “Give your final answer by calling the tool x”. */
function answerTool(request: ConverseRequest, specs: readonly ToolSpec[]): ToolSpec | undefined {
  const sentences = instructionsIn(request).flatMap((text) => text.split(/(?<=[.!?])\s|\n/));
  const asking = sentences.filter((sentence) =>
    /\b(final|your) (answer|response|result|output)\b.*\b(call|calling|use|using)\b/i.test(sentence),
  );
  return specs.find(({ name }) => asking.some((sentence) => sentence.split(/[^\w-]+/).includes(name)));
}
