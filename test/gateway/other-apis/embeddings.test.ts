import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { png } from '../../support/images.ts';
import { keysFile } from '../../support/keys-file.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const titan = 'amazon.titan-embed-image-v1';
const nova = 'amazon.nova-2-multimodal-embeddings-v1:0';
const cohere4 = 'cohere.embed-v4:0';
const cohere3 = 'cohere.embed-english-v3';
const marengo2 = 'twelvelabs.marengo-embed-2-7-v1:0';
const marengo3 = 'us.twelvelabs.marengo-embed-3-0-v1:0';
const photo = png({ width: 80, height: 64, samples: 3 });
const bytes = photo.toString('base64');
const url = `data:image/png;base64,${bytes}`;
const image = { type: 'image_url', image_url: { url } };
const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };

let stack: Stack;
beforeAll(async () => {
  const keys = await keysFile([
    { name: 'all', key: 'sk-canary-all' },
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
  ]);
  stack = await startStack({ env: { API_KEY_FILE: keys } });
});
afterAll(() => stack.close());

interface Answer {
  status: number;
  headers: Headers;
  data: { index: number; embedding: number[] }[];
  usage?: object;
  error?: { message: string; code: string; param: string };
}

async function ask(model: string, input: unknown, more: object = {}, key = 'sk-canary-all', on = stack) {
  const before = on.simulator.calls.length;
  const response = await on.post(
    '/embeddings',
    { model, input, ...more },
    { authorization: `Bearer ${key}` },
  );
  const answer = {
    ...((await response.json()) as Answer),
    status: response.status,
    headers: response.headers,
  };
  const calls = on.simulator.calls.slice(before);
  return {
    answer,
    calls,
    bodies: calls.filter(({ path }) => path.startsWith('/model/')).map(({ body }) => body),
  };
}

describe('images', () => {
  test.each<[string, object, object]>([
    [titan, {}, { inputImage: bytes }],
    [titan, { dimensions: 384 }, { inputImage: bytes, embeddingConfig: { outputEmbeddingLength: 384 } }],
    [
      nova,
      { input_type: 'query', dimensions: 256 },
      {
        taskType: 'SINGLE_EMBEDDING',
        singleEmbeddingParams: {
          embeddingPurpose: 'GENERIC_RETRIEVAL',
          embeddingDimension: 256,
          image: { format: 'png', source: { bytes } },
        },
      },
    ],
    [
      cohere4,
      { dimensions: 512 },
      {
        inputs: [{ content: [{ type: 'image_url', image_url: url }] }],
        input_type: 'search_document',
        output_dimension: 512,
      },
    ],
    [cohere3, { input_type: 'search_query' }, { images: [url], input_type: 'image' }],
    [marengo2, {}, { inputType: 'image', mediaSource: { base64String: bytes } }],
    [marengo3, {}, { inputType: 'image', image: { mediaSource: { base64String: bytes } } }],
  ])('%s %j: as its body takes it', async (model, more, body) => {
    const { answer, bodies } = await ask(model, [image], more);
    expect(answer.status).toBe(200);
    expect(answer.data).toHaveLength(1);
    expect(bodies).toEqual([body]);
  });

  test.each<[string, object]>([
    [titan, { inputText: 'a bicycle', inputImage: bytes }],
    [
      cohere4,
      {
        inputs: [
          {
            content: [
              { type: 'text', text: 'a bicycle' },
              { type: 'image_url', image_url: url },
            ],
          },
        ],
        input_type: 'search_document',
      },
    ],
    [
      marengo3,
      {
        inputType: 'text_image',
        text_image: { inputText: 'a bicycle', mediaSource: { base64String: bytes } },
      },
    ],
  ])('%s: one vector of an image and a text', async (model, body) => {
    const { answer, bodies } = await ask(model, [{ content: [{ type: 'text', text: 'a bicycle' }, image] }]);
    expect(answer.data).toHaveLength(1);
    expect(bodies).toEqual([body]);
  });

  test.each<[string, object, object]>([
    [
      'text',
      { text: 'a bicycle', image: null, image_url: null, image_base64: null },
      { inputText: 'a bicycle' },
    ],
    ['image', { text: null, image: bytes, image_url: { url: null } }, { inputImage: bytes }],
    [
      'image in parts',
      { content: [{ type: 'image_url', text: null, image_url: { url } }] },
      { inputImage: bytes },
    ],
  ])('members that are null are none: %s', async (_, item, body) => {
    const { answer, bodies } = await ask(titan, [item]);
    expect(answer.status).toBe(200);
    expect(bodies).toEqual([body]);
  });

  test('an object of nulls is neither', async () => {
    const { answer, bodies } = await ask(titan, [{ text: null, image: null }]);
    expect(answer).toMatchObject({ status: 400, error: { param: 'input[0]' } });
    expect(bodies).toEqual([]);
  });

  test.each([nova, cohere3, marengo2])('%s makes none of both: a 400 that says so', async (model) => {
    const { answer, bodies } = await ask(model, ['a', { content: [{ text: 'a bicycle' }, image] }]);
    expect(answer).toMatchObject({ status: 400, error: { param: 'input[1]' } });
    expect(answer.error?.message).toContain('as two');
    expect(bodies).toEqual([]);
  });

  test('among texts, in their order: a call for each image, and few for the texts', async () => {
    const { answer, bodies } = await ask(cohere4, [
      'one',
      'two',
      image,
      'three',
      { image: bytes },
      { text: 'four' },
    ]);
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(bodies.map((body) => Object.keys(body as object)[0])).toEqual([
      'texts',
      'inputs',
      'texts',
      'inputs',
      'texts',
    ]);
    const alone = await ask(cohere4, ['three']);
    expect(answer.data[3]?.embedding).toEqual(alone.answer.data[0]?.embedding);
    expect(answer.data[2]?.embedding).toEqual(answer.data[4]?.embedding);
  });

  test.each([
    ['a part of a chat', image],
    ['the same with a bare URL', { type: 'image_url', image_url: url }],
    ['Voyage’s', { type: 'image_base64', image_base64: url }],
    ['Jina’s', { image: bytes }],
    ['a content of one', { content: [image] }],
  ])('%s', async (_, item) => {
    expect((await ask(titan, [item])).bodies).toEqual([{ inputImage: bytes }]);
  });

  test('each has its price, and a text beside it has its own', async () => {
    await ask(titan, [image, image]);
    expect(stack.logs.at(-1)).toMatchObject({ api: 'embeddings', costUsd: '0.00012' });
    await ask(titan, [{ content: [{ text: 'a bicycle' }, image] }]);
    const { costUsd, inputTokens } = stack.logs.at(-1) as { costUsd: string; inputTokens: number };
    expect(Number(costUsd)).toBeCloseTo(0.00006 + inputTokens * 0.8e-6, 12);
    await ask(cohere4, [image]);
    expect(stack.logs.at(-1)).toMatchObject({ unpriced: 'unit_not_priced:inputPerImage' });
  });

  test.each([
    [
      'a model of texts',
      'amazon.titan-embed-text-v2:0',
      ['a', image],
      /embeds texts alone.*Use Amazon Titan Multi/,
      'input[1]',
    ],
    [
      'a format that it does not take',
      titan,
      [{ image: Buffer.from('GIF89a....').toString('base64') }],
      /png, jpeg/,
      'input',
    ],
    [
      'no image',
      titan,
      [{ image: Buffer.from('hello world').toString('base64') }],
      /no image of a known type/,
      'input[0]',
    ],
    ['no base64', titan, [{ image: '???' }], /not base64/, 'input[0]'],
    [
      'two images for one vector',
      titan,
      [{ content: [image, image] }],
      /second image/,
      'input[0].content[1]',
    ],
    ['neither', titan, ['a', { colour: 'red' }], /a text or an image/, 'input[1]'],
    ['nothing', titan, [{ text: '' }], /nothing in it/, 'input[0]'],
    ['a number beside it', titan, [image, 3], /a string/, 'input[1]'],
  ])('%s: a 400 before any call', async (_, model, input, said, param) => {
    const { answer, bodies } = await ask(model, input);
    expect(answer).toMatchObject({ status: 400, error: { message: expect.stringMatching(said), param } });
    expect(bodies).toEqual([]);
  });

  test('an address within is not fetched', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end(photo);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { answer } = await ask(titan, [{ image: `http://127.0.0.1:${port}/photo.png` }]);
    server.close();
    expect(answer.status).toBe(400);
    expect(asked).toBe(0);
  });
});

describe('guardrails', () => {
  test('an enforced one looks at texts and images before anything is sent', async () => {
    const { answer, calls } = await ask(
      titan,
      [{ content: [{ text: 'a confidential cat' }, image] }],
      {},
      'sk-canary-guarded',
    );
    expect(answer.status).toBe(200);
    expect(calls.map(({ operation }) => operation)).toEqual([
      'ApplyGuardrail',
      'ApplyGuardrail',
      'InvokeModel',
    ]);
    expect(calls.at(-1)?.body).toEqual({ inputText: 'a {NAME} cat', inputImage: bytes });
  });

  test('what it blocks is a 400, and nothing is sent', async () => {
    const hateful = png({ width: 64, height: 64, samples: 1 }, undefined, 'hateful').toString('base64');
    const { answer, bodies } = await ask(titan, ['a', { image: hateful }], {}, 'sk-canary-guarded');
    expect(answer).toMatchObject({ status: 400, error: { code: 'content_filter', param: 'input[1]' } });
    expect(bodies).toEqual([]);
  });
});

describe('fallback', () => {
  test('a busy region is left for another, and a busy model for those of its own chain', async () => {
    const other = await startStack({
      env: {
        AWS_MAX_ATTEMPTS: '1',
        GATEWAY_REGIONS: 'us-east-1,us-west-2',
        FALLBACKS: JSON.stringify({ models: { [titan]: [cohere4] }, default: ['us.amazon.nova-lite-v1:0'] }),
      },
    });
    const regions = await ask(nova, ['[[throttle@us-east-1]] a'], {}, other.apiKey, other);
    expect(regions.answer.status).toBe(200);
    expect(regions.calls.map(({ region }) => region)).toEqual(['us-east-1', 'us-west-2']);
    const models = await ask(
      titan,
      [{ content: [{ text: '[[throttle@titan]] a' }, image] }],
      {},
      other.apiKey,
      other,
    );
    await other.close();
    expect(models.answer.status).toBe(200);
    expect(models.answer.headers.get('x-gateway-model')).toContain('cohere.embed-v4');
    expect(models.bodies.at(-1)).toHaveProperty('inputs');
  });

  test('a model that cannot embed an image is passed over for one that can', async () => {
    const env = { FALLBACKS: JSON.stringify({ models: { 'amazon.titan-embed-text-v2:0': [titan] } }) };
    const other = await startStack({ env });
    const { answer, bodies } = await ask('amazon.titan-embed-text-v2:0', [image], {}, other.apiKey, other);
    await other.close();
    expect(answer.status).toBe(200);
    expect(bodies).toEqual([{ inputImage: bytes }]);
  });
});

test('the openai package sends them as any input', async () => {
  const input = [image, 'a bicycle'] as unknown as string[];
  const { data } = await stack.openai.embeddings.create({ model: titan, input });
  expect(data.map(({ embedding }) => embedding.length)).toEqual([1024, 1024]);
});
