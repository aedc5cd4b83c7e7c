import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectReasoning } from '../support/kept.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { openAiTokensIn } from '../support/tokens.ts';
import { chatCalls, refusalsOf, resultsIn } from '../support/upstream.ts';
import { models, reasoning } from './responses-models.ts';

const program = `@openai/agents ${versionOf('@openai/agents')}`;
setTracingDisabled(true);

let stack: Stack;
let runner: Runner;
beforeAll(async () => {
  stack = await startStack();
  const modelProvider = new OpenAIProvider({
    apiKey: stack.apiKey,
    baseURL: stack.baseUrl,
    useResponses: true,
  });
  runner = new Runner({ modelProvider, tracingDisabled: true });
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const weather = tool({
  name: 'weather',
  description: 'The weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    if (city === 'Atlantis') throw new Error('There is no such city.');
    return `Sunny in ${city}.`;
  },
});
const bothCities =
  '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather, please.';

describe.each(models)('@openai/agents on $model', (asked) => {
  const agent = new Agent({
    name: 'Forecaster',
    instructions: 'You know the weather.',
    model: asked.model,
    modelSettings: { reasoning },
    tools: [weather],
  });

  it.for([false, true])('runs its tools and is asked again, streaming: %s', async (stream, { annotate }) => {
    const run = async (input: Parameters<Runner['run']>[1]) => {
      if (!stream) return runner.run(agent, input);
      const streamed = await runner.run(agent, input, { stream: true });
      await streamed.completed;
      return streamed;
    };
    const first = await run(bothCities);
    expect(first.finalOutput).toContain('Sunny in Paris.');
    const called = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(called)).toHaveLength(2);
    expectReasoning(called, asked, 1);
    const { inputTokens, outputTokens } = first.state.usage;
    expect({ input_tokens: inputTokens, output_tokens: outputTokens }).toEqual(openAiTokensIn(stack.logs));

    const second = await run([...first.history, { role: 'user', content: '[[say:Both.]] And now?' }]);
    expect(second.finalOutput).toBe('Both.');
    expectReasoning(chatCalls(stack.simulator.calls).at(-1)!, asked, 2);
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${asked.model}: two turns, streaming ${stream}; ${countsOf(stack.simulator.calls)}; usage of the first ${inputTokens} in, ${outputTokens} out`,
    );
  });

  it('gets the object that it asks for', async ({ annotate }) => {
    const shaped = new Agent({
      name: 'Forecaster',
      instructions: 'You know the weather.',
      model: asked.model,
      outputType: z.object({ city: z.string(), degrees: z.number() }),
    });
    const { finalOutput } = await runner.run(shaped, 'The weather in Paris.');
    expect(finalOutput).toEqual({ city: expect.any(String), degrees: expect.any(Number) });
    await annotate(`${program} · ${asked.model}: outputType; ${JSON.stringify(finalOutput)}`);
  });
});
