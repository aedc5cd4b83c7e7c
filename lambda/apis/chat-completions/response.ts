import { finishReason } from '../../canonical/finish.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type { ConverseAnswer, ReasoningBlock, ToolUseBlock, Usage } from '../../canonical/types.ts';
import { openAiUsage } from '../../canonical/usage.ts';
import { type AnswerHead, annotation, callId, customInput, reasoningState, type Telling } from './telling.ts';

/**
 * Answers as one `chat.completion`: a choice for each, usage added up
 * (https://platform.openai.com/docs/api-reference/chat/object).
 */
export function translateAnswers(answers: readonly ConverseAnswer[], head: AnswerHead, telling: Telling) {
  const [first] = answers;
  const bedrock = first && bedrockFields(first, telling);
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: answers.map((answer, index) => choice(answer, index, telling)),
    usage: openAiUsage(addUp(answers.map((answer) => answer.usage))),
    ...(first?.serviceTier && { service_tier: first.serviceTier.type }),
    ...(bedrock && { bedrock }),
  };
}

/** What Bedrock says that OpenAI has no field for, told only when asked. */
export function bedrockFields(
  { trace, additionalModelResponseFields }: Pick<ConverseAnswer, 'trace' | 'additionalModelResponseFields'>,
  telling: Pick<Telling, 'trace'>,
) {
  const fields = {
    ...(telling.trace && trace?.guardrail && { trace }),
    ...(additionalModelResponseFields && { additionalModelResponseFields }),
  };
  return Object.keys(fields).length > 0 ? fields : undefined;
}

/** Token counts of several answers; every call is billed, so prompts count as often as they were sent. */
export function addUp(usages: readonly Usage[]): Usage {
  const sum = (count: (usage: Usage) => number | null | undefined) =>
    usages.reduce((total, usage) => total + (count(usage) ?? 0), 0);
  return {
    inputTokens: sum((usage) => usage.inputTokens),
    outputTokens: sum((usage) => usage.outputTokens),
    totalTokens: sum((usage) => usage.totalTokens),
    cacheReadInputTokens: sum((usage) => usage.cacheReadInputTokens),
    cacheWriteInputTokens: sum((usage) => usage.cacheWriteInputTokens),
  };
}

function choice(answer: ConverseAnswer, index: number, telling: Telling) {
  const parts = takeApart(answer, telling);
  const finish = finishReason(answer.stopReason, parts.toolCalls.length > 0);
  const reasoning = telling.hideReasoning ? '' : parts.reasoningText;
  const legacyCall = telling.tools.legacy ? parts.toolCalls[0]?.function : undefined;
  return {
    index,
    message: {
      role: 'assistant',
      content: parts.text === '' ? null : parts.text,
      refusal: null,
      ...(parts.annotations.length > 0 && { annotations: parts.annotations }),
      ...(reasoning && { reasoning_content: reasoning, reasoning }),
      ...(!telling.hideReasoning && reasoningState(parts.reasoning)),
      ...(legacyCall && { function_call: legacyCall }),
      ...(!legacyCall && parts.toolCalls.length > 0 && { tool_calls: parts.toolCalls }),
    },
    logprobs: null,
    finish_reason: legacyCall && finish === 'tool_calls' ? 'function_call' : finish,
  };
}

/** All blocks, each where it belongs. Several texts are one text: nothing stands between them. */
function takeApart(answer: ConverseAnswer, telling: Telling) {
  let text = '';
  let reasoningText = '';
  let before: ReasoningBlock[] = [];
  const reasoning: ReasoningBlock[] = [];
  const annotations: ReturnType<typeof annotation>[] = [];
  const toolCalls: ReturnType<typeof toolCall>[] = [];
  for (const block of answer.output.message.content) {
    if ('text' in block) text += block.text;
    else if ('reasoningContent' in block) {
      reasoningText += block.reasoningContent.reasoningText?.text ?? '';
      reasoning.push(block);
      before.push(block);
    } else if ('citationsContent' in block) {
      const start = text.length;
      text += (block.citationsContent.content ?? []).map((part) => part.text).join('');
      const end = text.length;
      annotations.push(...(block.citationsContent.citations ?? []).map((c) => annotation(c, start, end)));
    } else if ('toolUse' in block && block.toolUse.type !== 'server_tool_use') {
      toolCalls.push(toolCall(block, before, telling));
      before = [];
    }
  }
  return { text, reasoningText, reasoning, annotations, toolCalls };
}

function toolCall({ toolUse }: ToolUseBlock, before: readonly ReasoningBlock[], telling: Telling) {
  const id = callId(toolUse.toolUseId, before, telling.stateKey);
  const text = toolInputText(toolUse.input);
  return telling.tools.custom.has(toolUse.name)
    ? { id, type: 'custom' as const, custom: { name: toolUse.name, input: customInput(text) } }
    : { id, type: 'function' as const, function: { name: toolUse.name, arguments: text } };
}
