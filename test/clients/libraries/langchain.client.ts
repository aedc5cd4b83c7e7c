import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { chatCalls, refusalsOf, thinkingIn } from '../support/upstream.ts';
import { type Asked, models } from './models.ts';

const program = `@langchain/anthropic ${versionOf('@langchain/anthropic')}`;
// The library reads it when it is first asked.
process.env.LANGSMITH_TRACING = 'false';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const weather = tool(({ city }: { city: string }) => `Sunny in ${city}.`, {
  name: 'weather',
  description: 'The weather of a city',
  schema: z.object({ city: z.string() }),
});

describe.each(models)('LangChain on $model', ({ model, thinking, signed }: Asked) => {
  it.for([false, true])('goes through a turn with a tool, streaming: %s', async (streaming, { annotate }) => {
    const chat = new ChatAnthropic({
      model,
      apiKey: stack.apiKey,
      anthropicApiUrl: stack.baseUrl.replace('/v1', ''),
      maxTokens: 4096,
      maxRetries: 0,
      streaming,
      thinking: thinking as { type: 'enabled'; budget_tokens: number },
    }).bindTools([weather]);
    const asked = new HumanMessage('[[call:weather {"city":"Paris"}]] The weather, please.');
    const called = await chat.invoke([asked]);
    expect(called.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Paris' } }]);
    const [call] = called.tool_calls!;
    const result = new ToolMessage({
      content: await weather.invoke({ city: 'Paris' }),
      tool_call_id: call!.id!,
    });
    const answer = await chat.invoke([asked, called, result]);
    expect(answer.text).toContain('Sunny in Paris.');
    expect(answer.usage_metadata!.output_tokens).toBeGreaterThan(0);
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    if (signed) {
      const thoughts = (called.content as { type: string }[]).filter(({ type }) => type === 'thinking');
      expect(thoughts).toHaveLength(1);
      expect(thinkingIn(last)).toMatchObject(
        thoughts.map(({ type, ...rest }) => ({ type, ...withoutIndex(rest) })),
      );
    }
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: a tool, streaming ${streaming}; ${countsOf(stack.simulator.calls)}`,
    );
  });
});

/** LangChain keeps the place of a block in its stream beside it. */
function withoutIndex({ index: _, ...rest }: Record<string, unknown>) {
  return rest;
}
