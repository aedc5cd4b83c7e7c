import type OpenAI from 'openai';
import { expectTypeOf, test } from 'vitest';
import type { translateAnswers } from '../../../../lambda/apis/chat-completions/response.ts';
import type { ChunkDelta } from '../../../../lambda/apis/chat-completions/shapes.ts';
import type { UrlCitation } from '../../../../lambda/apis/openai/annotation.ts';
import type { OpenAiUsage } from '../../../../lambda/apis/openai/usage.ts';

type Completion = ReturnType<typeof translateAnswers>;
type Choice = Completion['choices'][number];
type TheirMessage = OpenAI.ChatCompletionMessage;
type TheirAnnotation = NonNullable<TheirMessage['annotations']>[number];
type TheirChunkChoice = OpenAI.ChatCompletionChunk['choices'][number];

/*
 * Held by the type checker to the `openai` package's types. Two members are wider than theirs: `service_tier`
 * may be Bedrock's `reserved`, and an annotation may stand for a place in a document.
 */
test('an answer is a ChatCompletion', () => {
  expectTypeOf<Omit<Completion, 'choices' | 'service_tier'>>().toExtend<
    Omit<OpenAI.ChatCompletion, 'choices' | 'service_tier'>
  >();
  expectTypeOf<Omit<Choice, 'message'>>().toExtend<Omit<OpenAI.ChatCompletion.Choice, 'message'>>();
  expectTypeOf<Omit<Choice['message'], 'annotations'>>().toExtend<Omit<TheirMessage, 'annotations'>>();
  expectTypeOf<UrlCitation>().toExtend<TheirAnnotation>();
});

test('a chunk is a ChatCompletionChunk', () => {
  expectTypeOf<ChunkDelta>().toExtend<TheirChunkChoice['delta']>();
  expectTypeOf<Choice['finish_reason']>().toExtend<TheirChunkChoice['finish_reason']>();
});

test('usage is CompletionUsage', () => {
  expectTypeOf<OpenAiUsage>().toExtend<OpenAI.CompletionUsage>();
});
