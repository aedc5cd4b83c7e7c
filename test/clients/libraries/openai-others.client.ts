import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { png } from '../../support/images.ts';
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

  it('draws, streams what was drawn, and edits', async () => {
    const prompt = 'a red bicycle';
    const core = 'stability.stable-image-core-v1:1';
    const drawn = await client.images.generate({ model: core, prompt, n: 2, size: '1536x1024' });
    expect(drawn).toMatchObject({ size: '1280x832', output_format: 'png' });
    expect(drawn.data?.map(({ b64_json }) => b64_json?.startsWith('iVBOR'))).toEqual([true, true]);
    const events: string[] = [];
    for await (const { type } of await client.images.generate({ model: core, prompt, stream: true }))
      events.push(type);
    expect(events).toEqual(['image_generation.completed']);
    const photo = png({ width: 80, height: 64, samples: 3 });
    const edited = await client.images.edit({
      model: 'us.stability.stable-image-inpaint-v1:0',
      prompt,
      image: await toFile(photo, 'photo.png', { type: 'image/png' }),
      mask: await toFile(png({ width: 80, height: 64, samples: 1 }), 'mask.png', { type: 'image/png' }),
    });
    expect(edited.data).toHaveLength(1);
  });

  it('embeds texts and images', async () => {
    const url = `data:image/png;base64,${png({ width: 80, height: 64, samples: 3 }).toString('base64')}`;
    const input = ['a red bicycle', { type: 'image_url', image_url: { url } }] as unknown as string[];
    const { data } = await client.embeddings.create({ model: 'cohere.embed-v4:0', input, dimensions: 256 });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([256, 256]);
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
