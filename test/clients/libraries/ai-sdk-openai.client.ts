import { createOpenAI, type OpenAIProvider } from '@ai-sdk/openai';
import { generateObject, generateText, isStepCount, type ModelMessage, streamText, tool } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectReasoning } from '../support/kept.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { openAiTokensIn } from '../support/tokens.ts';
import { chatCalls, refusalsOf, resultsIn, textsIn } from '../support/upstream.ts';
import { claude, models } from './responses-models.ts';

const program = `ai ${versionOf('ai')}, @ai-sdk/openai ${versionOf('@ai-sdk/openai')}`;

let stack: Stack;
let openai: OpenAIProvider;
beforeAll(async () => {
  stack = await startStack();
  openai = createOpenAI({ baseURL: stack.baseUrl, apiKey: stack.apiKey });
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const tools = {
  weather: tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }: { city: string }) => {
      if (city === 'Atlantis') throw new Error('There is no such city.');
      return `Sunny in ${city}.`;
    },
  }),
};
const bothCities =
  '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather, please.';

/** The names are not OpenAI's, so it has to be told that the models reason. */
const thinking = { forceReasoning: true, reasoningEffort: 'low', reasoningSummary: 'auto' };
/** As the library comes, it sends references to items; otherwise the items. */
const stores = [
  { how: 'as it comes', options: thinking },
  { how: 'store: false', options: { ...thinking, store: false } },
];

describe.each(stores)('AI SDK with openai(), $how', ({ how, options }) => {
  const providerOptions = { openai: options };

  it.for(models)('runs its tools in generateText, on $model', async (asked, { annotate }) => {
    const { steps, text, finishReason, totalUsage } = await generateText({
      model: openai(asked.model),
      tools,
      providerOptions,
      stopWhen: isStepCount(5),
      maxRetries: 0,
      prompt: bothCities,
    });
    expect({ finishReason, text }).toEqual({
      finishReason: 'stop',
      text: expect.stringContaining('Sunny in Paris.'),
    });
    expect(steps.map(({ toolCalls }) => toolCalls.length)).toEqual([2, 0]);
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(last)).toHaveLength(2);
    expectReasoning(last, asked, 1);
    const { input_tokens, output_tokens } = openAiTokensIn(stack.logs);
    expect([totalUsage.inputTokens, totalUsage.outputTokens]).toEqual([input_tokens, output_tokens]);
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${asked.model}: generateText, ${how}; ${countsOf(stack.simulator.calls)}; usage ${input_tokens} in, ${output_tokens} out`,
    );
  });

  it.for(models)('runs its tools in streamText, on $model', async (asked, { annotate }) => {
    const errors: unknown[] = [];
    const result = streamText({
      model: openai(asked.model),
      tools,
      providerOptions,
      stopWhen: isStepCount(5),
      maxRetries: 0,
      prompt: bothCities,
      onError: ({ error }) => errors.push(error),
    });
    const text = await Array.fromAsync(result.textStream);
    expect(errors).toEqual([]);
    expect(text.join('')).toContain('Sunny in Paris.');
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expectReasoning(last, asked, 1);
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(`${program} · ${asked.model}: streamText, ${how}; ${countsOf(stack.simulator.calls)}`);
  });

  it('says what stood before a call again', async () => {
    const { steps } = await generateText({
      model: openai(claude),
      tools,
      providerOptions,
      stopWhen: isStepCount(3),
      maxRetries: 0,
      prompt: '[[parallel:1]] The weather of Paris, please.',
    });
    const [first] = steps;
    expect(first!.text).not.toBe('');
    expect(first!.toolCalls).toHaveLength(1);
    expect(textsIn(chatCalls(stack.simulator.calls).at(-1)!)).toContain(first!.text);
  });
});

describe('AI SDK with openai()', () => {
  const conversation = async (options: { store?: boolean }) => {
    const messages: ModelMessage[] = [{ role: 'user', content: '[[say:Twelve.]] Name a number.' }];
    const ask = () =>
      generateText({ model: openai(claude), providerOptions: { openai: options }, maxRetries: 0, messages });
    const first = await ask();
    messages.push(...first.response.messages, { role: 'user', content: 'Which one was it?' });
    await ask();
    return textsIn(chatCalls(stack.simulator.calls).at(-1)!);
  };

  it('goes on after an answer when it sends items', async () => {
    expect(await conversation({ store: false })).toContain('Twelve.');
  });

  it('is told what to do when it refers to an answer that nobody has stored', async () => {
    await expect(conversation({})).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('store'),
    });
  });

  it.for(models)('gets the object that it asks for, on $model', async ({ model }, { annotate }) => {
    const { object } = await generateObject({
      model: openai(model),
      schema: z.object({ city: z.string(), degrees: z.number() }),
      prompt: 'The weather in Paris.',
    });
    expect(object).toEqual({ city: expect.any(String), degrees: expect.any(Number) });
    await annotate(`${program} · ${model}: generateObject; ${JSON.stringify(object)}`);
  });
});
