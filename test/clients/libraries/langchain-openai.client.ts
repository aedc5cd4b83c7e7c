import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectReasoning } from '../support/kept.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { openAiTokensIn } from '../support/tokens.ts';
import { chatCalls, refusalsOf, resultsIn } from '../support/upstream.ts';
import { models, reasoning } from './responses-models.ts';

const program = `@langchain/openai ${versionOf('@langchain/openai')}`;
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

describe.each(models)('LangChain with Responses on $model', (asked) => {
  const { model } = asked;
  const open = (streaming: boolean) =>
    new ChatOpenAI({
      model,
      apiKey: stack.apiKey,
      configuration: { baseURL: stack.baseUrl },
      useResponsesApi: true,
      maxRetries: 0,
      streaming,
      // Its own `reasoning` is for models whose names it knows.
      modelKwargs: { reasoning },
    });

  it.for([false, true])('goes through a turn with a tool, streaming: %s', async (streaming, { annotate }) => {
    const chat = open(streaming).bindTools([weather]);
    const question = new HumanMessage('[[call:weather {"city":"Paris"}]] The weather, please.');
    const called = await chat.invoke([question]);
    expect(called.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Paris' } }]);
    const [call] = called.tool_calls!;
    const content = await weather.invoke({ city: 'Paris' });
    const result = new ToolMessage({ content, tool_call_id: call!.id! });
    const answer = await chat.invoke([question, called, result]);
    expect(answer.text).toContain('Sunny in Paris.');
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(last)).toHaveLength(1);
    expectReasoning(last, asked, 1);
    const spent = [called, answer].map(({ usage_metadata }) => usage_metadata!);
    expect({
      input_tokens: spent.reduce((sum, each) => sum + each.input_tokens, 0),
      output_tokens: spent.reduce((sum, each) => sum + each.output_tokens, 0),
    }).toEqual(openAiTokensIn(stack.logs));

    const again = await chat.invoke([
      question,
      called,
      result,
      answer,
      new HumanMessage('[[say:Both.]] And now?'),
    ]);
    expect(again.text).toBe('Both.');
    expectReasoning(chatCalls(stack.simulator.calls).at(-1)!, asked, 2);
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: two turns, streaming ${streaming}; ${countsOf(stack.simulator.calls)}`,
    );
  });

  it('gets the object that it asks for', async ({ annotate }) => {
    const schema = z.object({ city: z.string(), degrees: z.number() });
    const object = await open(false)
      .withStructuredOutput(schema, { name: 'weather' })
      .invoke('The weather in Paris.');
    expect(object).toEqual({ city: expect.any(String), degrees: expect.any(Number) });
    await annotate(`${program} · ${model}: withStructuredOutput; ${JSON.stringify(object)}`);
  });
});
