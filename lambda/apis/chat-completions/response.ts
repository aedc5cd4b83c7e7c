import { isClientToolUse } from '../../canonical/blocks.ts';
import { toolInputText } from '../../canonical/tool-input.ts';
import type { ConverseAnswer, ReasoningBlock, ToolUseBlock } from '../../canonical/types.ts';
import { reasoningTokens, type Seen } from '../../canonical/usage.ts';
import { type Annotation, annotation } from '../openai/annotation.ts';
import { bedrockFields } from '../openai/bedrock-fields.ts';
import { customInput } from '../openai/custom-tool.ts';
import { finishReason } from '../openai/finish-reason.ts';
import { addUp, openAiUsage, sum } from '../openai/usage.ts';
import { callHead } from '../reasoning/carried.ts';
import { reasoningState } from '../reasoning/formats.ts';
import { type AnswerHead, type Rendering, reasoningText } from './rendering.ts';
import type { ToolCall } from './shapes.ts';

/**
 * Answers as one `chat.completion`: a choice for each, usage added up
 * (https://platform.openai.com/docs/api-reference/chat/object).
 */
export function translateAnswers(answers: readonly ConverseAnswer[], head: AnswerHead, rendering: Rendering) {
  const [first] = answers;
  const bedrock = first && bedrockFields(first, rendering);
  const parts = answers.map((answer) => takeApart(answer, rendering));
  const reasoned = answers.map(({ usage }, i) => reasoningTokens(usage, parts[i]!.seen));
  return {
    id: head.id,
    object: 'chat.completion' as const,
    created: head.created,
    model: head.model,
    choices: answers.map((answer, index) => choice(answer, parts[index]!, index, rendering)),
    usage: openAiUsage(addUp(answers.map(({ usage }) => usage)), sum(reasoned)),
    ...(first?.serviceTier && { service_tier: first.serviceTier.type }),
    ...(bedrock && { bedrock }),
    ...(first?.optimisation && { optimisation: first.optimisation }),
  };
}

function choice({ stopReason }: ConverseAnswer, parts: Parts, index: number, rendering: Rendering) {
  const finish = finishReason(stopReason, parts.toolCalls.length > 0);
  const reasoning = rendering.hideReasoning ? '' : parts.reasoningText;
  const legacyCall = rendering.tools.legacy ? legacyOf(parts.toolCalls[0]) : undefined;
  return {
    index,
    message: {
      role: 'assistant' as const,
      content: parts.text === '' ? null : parts.text,
      refusal: null,
      ...(parts.annotations.length > 0 && { annotations: parts.annotations }),
      ...(reasoning && reasoningText(reasoning, rendering)),
      ...(!rendering.hideReasoning && reasoningState(parts.reasoning)),
      ...(legacyCall && { function_call: legacyCall }),
      ...(!legacyCall && parts.toolCalls.length > 0 && { tool_calls: parts.toolCalls }),
    },
    logprobs: null,
    finish_reason: legacyCall && finish === 'tool_calls' ? ('function_call' as const) : finish,
  };
}

const legacyOf = (call: ToolCall | undefined) => (call && 'function' in call ? call.function : undefined);

interface Parts {
  seen: Seen;
  text: string;
  reasoningText: string;
  reasoning: ReasoningBlock[];
  annotations: Annotation[];
  toolCalls: ToolCall[];
}

/** All blocks, each where it belongs. Several texts are one text: nothing stands between them. */
function takeApart(answer: ConverseAnswer, rendering: Rendering): Parts {
  const seen: Seen = { reasoned: false, visibleBytes: 0 };
  const parts: Parts = { seen, text: '', reasoningText: '', reasoning: [], annotations: [], toolCalls: [] };
  let before: ReasoningBlock[] = [];
  for (const block of answer.output.message.content) {
    if ('text' in block) parts.text += block.text;
    else if ('reasoningContent' in block) {
      parts.reasoningText += block.reasoningContent.reasoningText?.text ?? '';
      parts.reasoning.push(block);
      seen.reasoned = true;
      before.push(block);
    } else if ('citationsContent' in block) {
      const { content = [], citations = [] } = block.citationsContent;
      const start = parts.text.length;
      parts.text += content.map(({ text }) => text).join('');
      parts.annotations.push(...citations.map((c) => annotation(c, start, parts.text.length)));
    } else if (isClientToolUse(block)) {
      const input = toolInputText(block.toolUse.input);
      seen.visibleBytes += Buffer.byteLength(input);
      parts.toolCalls.push(toolCall(block, input, before, rendering));
      before = [];
    }
  }
  seen.visibleBytes += Buffer.byteLength(parts.text);
  return parts;
}

function toolCall(
  { toolUse }: ToolUseBlock,
  input: string,
  before: readonly ReasoningBlock[],
  rendering: Rendering,
): ToolCall {
  const head = callHead(toolUse.toolUseId, before, rendering.stateKey);
  return rendering.tools.custom.has(toolUse.name)
    ? { ...head, type: 'custom', custom: { name: toolUse.name, input: customInput(input) } }
    : { ...head, type: 'function', function: { name: toolUse.name, arguments: input } };
}
