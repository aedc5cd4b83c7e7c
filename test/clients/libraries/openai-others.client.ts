import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { versionOf } from '../support/report.ts';

const model = 'us.amazon.nova-lite-v1:0';

let stack: Stack;
let client: OpenAI;
beforeAll(async () => {
  stack = await startStack();
  client = new OpenAI({ baseURL: stack.baseUrl, apiKey: stack.apiKey, maxRetries: 0 });
});
afterAll(() => stack.close());

describe(`openai ${versionOf('openai')}`, () => {
  it('completes a prompt, and several', async () => {
    const one = await client.completions.create({ model, prompt: 'Say hello', max_tokens: 50 });
    expect(one).toMatchObject({ object: 'text_completion', choices: [{ index: 0, finish_reason: 'stop' }] });
    expect(one.usage?.total_tokens).toBeGreaterThan(0);
    const four = await client.completions.create({ model, prompt: ['a', 'b'], n: 2, echo: true });
    expect(four.choices.map(({ text, index }) => `${index}${text[0]}`)).toEqual(['0a', '1a', '2b', '3b']);
  });

  it('streams a completion', async () => {
    const stream = await client.completions.create({
      model,
      prompt: 'Tell a story',
      max_tokens: 100,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let reason: string | null = null;
    let total = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.text ?? '';
      reason = choices[0]?.finish_reason ?? reason;
      total = usage?.total_tokens ?? total;
    }
    expect(text).toMatch(/\w/);
    expect(reason).toBe('stop');
    expect(total).toBeGreaterThan(0);
  });

  it('moderates texts', async () => {
    const { results, model } = await client.moderations.create({ input: ['a violent text', 'Hello'] });
    expect(model).toBe('omni-moderation-latest');
    expect(results.map(({ flagged }) => flagged)).toEqual([true, false]);
    expect(results[0]?.categories.violence).toBe(true);
    expect(results[0]?.category_scores.violence).toBeGreaterThan(0.5);
    expect(results[0]?.category_applied_input_types['self-harm']).toEqual([]);
  });

  it('throws its own errors', async () => {
    await expect(client.completions.create({ model, prompt: [1, 2] })).rejects.toMatchObject({
      status: 400,
      param: 'prompt',
    });
    const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    await expect(client.moderations.create({ input: [image] })).rejects.toBeInstanceOf(
      OpenAI.BadRequestError,
    );
  });
});
