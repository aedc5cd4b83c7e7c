import type { ConverseAnswer } from '../../canonical/types.ts';
import { reasoningTokens } from '../../canonical/usage.ts';
import { bedrockFields } from '../openai/bedrock-fields.ts';
import { finishReason } from '../openai/finish-reason.ts';
import { addUp, openAiUsage, sum } from '../openai/usage.ts';

/** What is to be known of a request when it is answered. */
export interface CompletionsRendering {
  /** For each answer what stands before its text: its prompt, or ''. Of one prompt the first says it for all. */
  before: readonly string[];
  includeUsage: boolean;
  trace: boolean;
}

export const textBefore = (index: number, { before }: CompletionsRendering): string =>
  before[index] ?? before[0] ?? '';

/** The head of every answer and chunk. `created`: seconds since the epoch. */
export interface CompletionHead {
  id: string;
  created: number;
  model: string;
}

/**
 * Answers as one `text_completion`: a choice for each, in the order of the prompts, usage added up
 * (https://platform.openai.com/docs/api-reference/completions/object).
 */
export function translateAnswers(
  answers: readonly ConverseAnswer[],
  { id, created, model }: CompletionHead,
  rendering: CompletionsRendering,
) {
  const texts = answers.map(textOf);
  const reasoned = answers.map(({ usage, output }, i) =>
    reasoningTokens(usage, {
      reasoned: output.message.content.some((block) => 'reasoningContent' in block),
      visibleBytes: Buffer.byteLength(texts[i] ?? ''),
    }),
  );
  const bedrock = answers[0] && bedrockFields(answers[0], rendering);
  return {
    id,
    object: 'text_completion' as const,
    created,
    model,
    choices: answers.map(({ stopReason }, index) => ({
      text: textBefore(index, rendering) + texts[index],
      index,
      logprobs: null,
      finish_reason: finishReason(stopReason, false),
    })),
    usage: openAiUsage(addUp(answers.map(({ usage }) => usage)), sum(reasoned)),
    ...(bedrock && { bedrock }),
  };
}

/** What was written for the reader: a completion has no place for anything else. */
function textOf({ output }: ConverseAnswer): string {
  return output.message.content
    .map((block) => {
      if ('text' in block) return block.text;
      if (!('citationsContent' in block)) return '';
      return (block.citationsContent.content ?? []).map(({ text }) => text).join('');
    })
    .join('');
}
