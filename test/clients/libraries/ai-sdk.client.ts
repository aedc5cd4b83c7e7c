import { type AnthropicProvider, createAnthropic } from '@ai-sdk/anthropic';
import { generateObject, generateText, isStepCount, streamText, tool } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, resultsIn, thinkingIn } from '../support/upstream.ts';
import { type Asked, models } from './models.ts';

const program = `ai ${versionOf('ai')}, @ai-sdk/anthropic ${versionOf('@ai-sdk/anthropic')}`;

let stack: Stack;
let anthropic: AnthropicProvider;
beforeAll(async () => {
  stack = await startStack();
  anthropic = createAnthropic({ baseURL: stack.baseUrl, apiKey: stack.apiKey });
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

interface Reasoning {
  text: string;
  providerOptions?: { anthropic?: { signature?: unknown } };
}

/** As Messages spells them. */
const spelt = (parts: readonly Reasoning[]) =>
  parts.map(({ text, providerOptions }) => ({
    type: 'thinking',
    thinking: text,
    signature: providerOptions?.anthropic?.signature,
  }));

describe.each(models)('AI SDK on $model', ({ model, thinking, signed }: Asked) => {
  const providerOptions = { anthropic: { thinking: asked(thinking) } };

  it('runs its tools in generateText', async ({ annotate }) => {
    const { steps, text, finishReason } = await generateText({
      model: anthropic(model),
      tools,
      providerOptions,
      stopWhen: isStepCount(5),
      prompt: bothCities,
    });
    expect({ finishReason, text }).toEqual({
      finishReason: 'stop',
      text: expect.stringContaining('Sunny in Paris.'),
    });
    expect(steps.map(({ toolCalls }) => toolCalls.length)).toEqual([2, 0]);
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(last)).toMatchObject([{ failed: false }, { failed: true }]);
    if (signed) {
      expect(spelt(steps[0]!.reasoning as Reasoning[])).toHaveLength(1);
      expect(thinkingIn(last)).toEqual(spelt(steps[0]!.reasoning as Reasoning[]));
    }
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: generateText, two parallel calls, one failed; ${countsOf(stack.simulator.calls)}`,
    );
  });

  it('runs its tools in streamText', async ({ annotate }) => {
    const errors: unknown[] = [];
    const result = streamText({
      model: anthropic(model),
      tools,
      providerOptions,
      stopWhen: isStepCount(5),
      prompt: bothCities,
      onError: ({ error }) => errors.push(error),
    });
    const text = await Array.fromAsync(result.textStream);
    expect(errors).toEqual([]);
    expect(text.join('')).toContain('Sunny in Paris.');
    const steps = await result.steps;
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    if (signed) expect(thinkingIn(last)).toEqual(spelt(steps[0]!.reasoning as Reasoning[]));
    const usage = await result.totalUsage;
    expect(usage.outputTokens).toBe(stack.logs.reduce((sum, line) => sum + Number(line.outputTokens), 0));
    await annotate(
      `${program} · ${model}: streamText; usage ${usage.inputTokens} in, ${usage.outputTokens} out`,
    );
  });

  it('gets the object that it asks for', async ({ annotate }) => {
    const { object } = await generateObject({
      model: anthropic(model),
      schema: z.object({ city: z.string(), degrees: z.number() }),
      prompt: 'The weather in Paris.',
    });
    expect(object).toEqual({ city: expect.any(String), degrees: expect.any(Number) });
    await annotate(`${program} · ${model}: generateObject; ${JSON.stringify(object)}`);
  });
});

/** The AI SDK's own spelling. */
function asked(thinking: Asked['thinking']) {
  if (thinking.type === 'adaptive') return thinking;
  return { type: thinking.type, budgetTokens: thinking.budget_tokens } as const;
}
