import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Stack, startStack } from '../../support/stack.ts';
import { countsOf, versionOf } from '../support/report.ts';
import { tokensIn } from '../support/tokens.ts';
import { chatCalls, refusalsOf, resultsIn, thinkingIn } from '../support/upstream.ts';
import { type Asked, models } from './models.ts';

const program = `@anthropic-ai/sdk ${versionOf('@anthropic-ai/sdk')}`;

let stack: Stack;
let client: Anthropic;
beforeAll(async () => {
  stack = await startStack();
  client = new Anthropic({ baseURL: stack.baseUrl.replace('/v1', ''), apiKey: stack.apiKey, maxRetries: 0 });
});
beforeEach(() => {
  stack.simulator.reset();
  stack.logs.length = 0;
});
afterAll(() => stack.close());

const weather = betaZodTool({
  name: 'weather',
  description: 'The weather of a city',
  inputSchema: z.object({ city: z.string() }),
  run: ({ city }) => {
    if (city === 'Atlantis') throw new Error('There is no such city.');
    return `Sunny in ${city}.`;
  },
});
const bothCities =
  '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather, please.';

describe.each(models)('@anthropic-ai/sdk on $model', ({ model, thinking, thinks, signed }: Asked) => {
  it('runs its tools', async ({ annotate }) => {
    const runner = client.beta.messages.toolRunner({
      model,
      max_tokens: 4096,
      thinking,
      tools: [weather],
      messages: [{ role: 'user', content: bothCities }],
    });
    const answers: Anthropic.Beta.BetaMessage[] = [];
    for await (const message of runner) answers.push(message);

    expect(answers.map(({ stop_reason }) => stop_reason)).toEqual(['tool_use', 'end_turn']);
    expect(answers.at(-1)!.content.at(-1)).toMatchObject({
      text: expect.stringContaining('Sunny in Paris.'),
    });
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(last)).toMatchObject([{ failed: false }, { failed: true }]);
    const thoughts = answers[0]!.content.filter(({ type }) => type === 'thinking');
    expect(thoughts).toHaveLength(thinks ? 1 : 0);
    if (signed) expect(thinkingIn(last)).toEqual(thoughts);
    else expect(thoughts).toEqual(thoughts.map((thought) => ({ ...thought, signature: '' })));
    expect(refusalsOf(stack.simulator.calls)).toEqual([]);
    await annotate(
      `${program} · ${model}: toolRunner, two parallel calls, one failed; ${countsOf(stack.simulator.calls)}`,
    );
  });

  it('runs its tools while it streams', async ({ annotate }) => {
    const runner = client.beta.messages.toolRunner({
      model,
      max_tokens: 4096,
      thinking,
      tools: [weather],
      messages: [{ role: 'user', content: bothCities }],
      stream: true,
    });
    const answers: Anthropic.Beta.BetaMessage[] = [];
    for await (const stream of runner) answers.push(await stream.finalMessage());
    expect(answers.map(({ stop_reason }) => stop_reason)).toEqual(['tool_use', 'end_turn']);
    const last = chatCalls(stack.simulator.calls).at(-1)!;
    expect(resultsIn(last)).toMatchObject([{ failed: false }, { failed: true }]);
    if (signed) {
      expect(thinkingIn(last)).toEqual(answers[0]!.content.filter(({ type }) => type === 'thinking'));
    }
    await annotate(`${program} · ${model}: toolRunner streaming; ${countsOf(stack.simulator.calls)}`);
  });

  it('streams', async ({ annotate }) => {
    const text: string[] = [];
    const stream = client.messages
      .stream({
        model,
        max_tokens: 4096,
        thinking,
        messages: [{ role: 'user', content: '[[say:One two three.]]' }],
      })
      .on('text', (delta) => text.push(delta));
    const message = await stream.finalMessage();
    expect(text.join('')).toBe('One two three.');
    expect(message).toMatchObject({ model, role: 'assistant', stop_reason: 'end_turn' });
    expect(message.usage).toMatchObject(tokensIn(stack.logs));
    await annotate(`${program} · ${model}: stream; usage ${JSON.stringify(tokensIn(stack.logs))}`);
  });

  it('parses what it asked for as a schema', async ({ annotate }) => {
    const message = await client.messages.parse({
      model,
      max_tokens: 4096,
      output_config: { format: zodOutputFormat(z.object({ city: z.string(), degrees: z.number() })) },
      messages: [{ role: 'user', content: 'The weather in Paris, as JSON.' }],
    });
    expect(message.parsed_output).toEqual({ city: expect.any(String), degrees: expect.any(Number) });
    await annotate(`${program} · ${model}: parse; ${JSON.stringify(message.parsed_output)}`);
  });

  it('counts tokens', async ({ annotate }) => {
    const count = (content: string) =>
      client.messages.countTokens({ model, messages: [{ role: 'user', content }] });
    const short = await count('Hello');
    const long = await count('Hello '.repeat(1000));
    expect(short.input_tokens).toBeGreaterThan(0);
    expect(long.input_tokens).toBeGreaterThan(900);
    await annotate(`${program} · ${model}: countTokens ${short.input_tokens}, ${long.input_tokens}`);
  });
});

describe('@anthropic-ai/sdk', () => {
  it('lists models, page by page, and asks for one', async ({ annotate }) => {
    const ids: string[] = [];
    for await (const { id } of client.models.list({ limit: 7 })) ids.push(id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids).toContain('us.anthropic.claude-sonnet-5-5');
    const model = await client.models.retrieve('us.anthropic.claude-sonnet-5-5');
    expect(model).toMatchObject({ type: 'model', id: 'us.anthropic.claude-sonnet-5-5' });
    await annotate(`${program}: models.list ${ids.length} models, models.retrieve`);
  });

  it('raises the errors that it names', async () => {
    const ask = (content: string, apiKey = stack.apiKey) =>
      client.withOptions({ apiKey }).messages.create({
        model: 'us.anthropic.claude-sonnet-5-5',
        max_tokens: 10,
        messages: [{ role: 'user', content }],
      });
    await expect(ask('Hello', 'sk-wrong')).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(ask('[[throttle]]')).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(ask('[[access-denied]]')).rejects.toBeInstanceOf(Anthropic.PermissionDeniedError);
    await expect(ask('[[input-too-long]]')).rejects.toThrow(/prompt is too long/);
  });

  it('raises what breaks a stream, and does not take it for an answer', async () => {
    const stream = client.messages.stream({
      model: 'us.anthropic.claude-sonnet-5-5',
      max_tokens: 1000,
      messages: [{ role: 'user', content: '[[events:50]] [[stream-error:modelStreamErrorException:10]]' }],
    });
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  });
});
