import { APIError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nova } from '../../support/chat.ts';
import { file, png } from '../../support/images.ts';
import { keysFile } from '../../support/keys-file.ts';
import { startLimited } from '../../support/limited.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const core = 'stability.stable-image-core-v1:1';
const diffusion = 'stability.sd3-5-large-v1:0';
const inpaint = 'us.stability.stable-image-inpaint-v1:0';
const prompt = 'a red bicycle';
const photo = png({ width: 80, height: 64, samples: 3 });
const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };

let stack: Stack;
beforeAll(async () => {
  const keys = await keysFile([
    { name: 'all', key: 'sk-canary-all' },
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
    { name: 'core', key: 'sk-canary-core', models: ['stability.stable-image-core*'] },
  ]);
  stack = await startStack({ env: { API_KEY_FILE: keys } });
});
afterAll(() => stack.close());

interface Answer {
  status: number;
  headers: Headers;
  data?: { b64_json: string }[];
  size?: string;
  error?: { message: string; code: string; param: string | null };
  [member: string]: unknown;
}

const withKey = (key: string) => ({ authorization: `Bearer ${key}` });

async function answerOf(response: Response): Promise<Answer> {
  return { ...((await response.json()) as Answer), status: response.status, headers: response.headers };
}

const generate = async (body: object, key = 'sk-canary-all', on = stack) =>
  answerOf(await on.post('/images/generations', { model: core, prompt, ...body }, withKey(key)));

/** As a form, which is how OpenAI's clients send edits. */
async function edit(fields: Record<string, string | File>, key = 'sk-canary-all', on = stack) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return answerOf(
    await fetch(`${on.baseUrl}/images/edits`, { method: 'POST', body: form, headers: withKey(key) }),
  );
}

/** What the calls of one request sent to Bedrock. */
async function seen<T>(work: () => Promise<T>, on = stack) {
  const before = on.simulator.calls.length;
  const answer = await work();
  const calls = on.simulator.calls.slice(before);
  return { answer, calls, drawn: calls.filter(({ operation }) => operation === 'InvokeModel') };
}

const ofKind = (image: string | undefined) => Buffer.from(image ?? '', 'base64').toString('latin1', 1, 4);

describe('generations', () => {
  test('I1 1536x1024 is drawn 3:2, and the answer tells the real size', async () => {
    const { answer, drawn } = await seen(() => generate({ size: '1536x1024' }));
    expect(answer).toMatchObject({ status: 200, size: '1280x832', output_format: 'png' });
    expect(answer.data).toHaveLength(1);
    expect(ofKind(answer.data?.[0]?.b64_json)).toBe('PNG');
    expect(answer.created).toBeGreaterThan(1_700_000_000);
    expect(answer.headers.get('x-gateway-model')).toBe(core);
    expect(answer.headers.get('x-gateway-warnings')).toBeNull();
    expect(drawn).toMatchObject([
      { modelId: core, region: 'us-west-2', body: { prompt, aspect_ratio: '3:2' } },
    ]);
  });

  test('a size without a ratio of its own: the nearest, with a warning', async () => {
    const answer = await generate({ size: '4000x1000' });
    expect(answer).toMatchObject({ status: 200, size: '1536x640' });
    expect(answer.headers.get('x-gateway-warnings')).toBe(
      'size 4000x1000 has become the nearest ratio that the model draws in, 21:9',
    );
  });

  test('n calls, each with a seed of its own; each is metered with its price', async () => {
    const { answer, drawn } = await seen(() => generate({ n: 3, seed: 4294967293, output_format: 'jpg' }));
    expect(answer).toMatchObject({ status: 200, output_format: 'jpeg' });
    expect(answer.data).toHaveLength(3);
    const bodies = drawn.map(({ body }) => body as { seed: number; output_format: string });
    expect(bodies.map(({ seed }) => seed).sort()).toEqual([0, 4294967293, 4294967294]);
    expect(new Set(bodies.map((body) => body.output_format))).toEqual(new Set(['jpeg']));
    expect(stack.logs.at(-1)).toMatchObject({ api: 'images', images: 3, calls: 3, costUsd: '0.12' });
  });

  test('I2 of three one is filtered: two images and a warning, and two are paid for', async () => {
    const { answer } = await seen(() => generate({ prompt: 'something lewd', n: 3, seed: 1 }));
    expect(answer.status).toBe(200);
    expect(answer.data).toHaveLength(2);
    expect(answer.headers.get('x-gateway-warnings')).toBe(
      '2 of the 3 images asked for (n) were drawn: 1 withheld by a content filter',
    );
    expect(stack.logs.at(-1)).toMatchObject({ images: 2, calls: 3, costUsd: '0.08' });
  });

  test.each([
    ['the prompt', { prompt: 'something obscene', n: 2 }, 'prompt'],
    ['what was drawn', { prompt: 'something lewd', seed: 3 }, null],
  ])('I3 all filtered for %s: a 400 that clients know', async (_, body, param) => {
    const answer = await generate(body);
    expect(answer).toMatchObject({ status: 400, error: { code: 'moderation_blocked', param } });
    expect(stack.logs.at(-1)).toMatchObject({ costUsd: '0', errorCode: 'moderation_blocked' });
  });

  test('I4 a URL is a 400, since nothing is stored', async () => {
    const { answer, calls } = await seen(() => generate({ response_format: 'url' }));
    expect(answer).toMatchObject({ status: 400, error: { param: 'response_format' } });
    expect(answer.error?.message).toContain('b64_json');
    expect(calls).toEqual([]);
  });

  test('I5 a retired model: a 404 with the day of its end', async () => {
    const { answer, drawn } = await seen(() => generate({ model: 'amazon.nova-canvas-v1:0' }));
    expect(answer).toMatchObject({ status: 404, error: { code: 'model_not_found', param: 'model' } });
    expect(answer.error?.message).toContain('2026-09-30');
    expect(drawn).toEqual([]);
  });

  test.each([
    ['I6 a prompt of 10,001 characters', { prompt: 'a'.repeat(10_001) }, /at most 10000/, 'prompt'],
    ['no prompt', { prompt: undefined }, /Missing required parameter: 'prompt'/, 'prompt'],
    ['no model', { model: undefined }, /Missing required parameter: 'model'/, 'model'],
    ['eleven images', { n: 11 }, /at most 10, but got 11/, 'n'],
    ['a size in words', { size: 'large' }, /'auto' or pixels/, 'size'],
    ['a transparent background', { background: 'transparent' }, /always draws a background/, 'background'],
    ['WebP', { output_format: 'webp' }, /png, jpeg/, 'output_format'],
    ['a seed that is too large', { seed: 4294967295 }, /at most 4294967294/, 'seed'],
    ['what only edits have', { grow_mask: 3 }, /has no 'grow_mask'. It takes: negative_prompt/, 'grow_mask'],
    ['a model that edits', { model: inpaint }, /\/v1\/images\/edits/, 'model'],
    ['a model that chats', { model: nova }, /cannot draw images. Models that can: Stable/, 'model'],
  ])('%s: a 400 before any call', async (_, body, said, param) => {
    const { answer, drawn } = await seen(() => generate(body));
    expect(answer).toMatchObject({ status: 400, error: { message: expect.stringMatching(said), param } });
    expect(drawn).toEqual([]);
  });

  test.each(['image', 'images', 'mask'])(
    '%s is for edits: a 400, and nothing is drawn without it',
    async (name) => {
      const { answer, drawn } = await seen(() => generate({ [name]: [`data:image/png;base64,${photo}`] }));
      expect(answer).toMatchObject({
        status: 400,
        error: { param: name, message: expect.stringContaining('/v1/images/edits') },
      });
      expect(drawn).toEqual([]);
      expect(await generate({ [name]: null })).toMatchObject({ status: 200 });
    },
  );

  test('what has no effect is named', async () => {
    const answer = await generate({ quality: 'hd', style: 'vivid', user: 'me', moderation: 'auto' });
    expect(answer.headers.get('x-gateway-ignored')).toBe('quality; style; user');
  });

  test('streamed: an event for each image', async () => {
    const response = await stack.post('/images/generations', { model: core, prompt, stream: true, n: 2 });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text()).trim().split('\n\n');
    expect(events).toHaveLength(2);
    expect(events[0]).toMatch(/^event: image_generation\.completed\ndata: \{/);
    expect(JSON.parse(events[1]?.split('data: ')[1] ?? '')).toMatchObject({
      type: 'image_generation.completed',
      size: '1024x1024',
    });
  });

  test('what Bedrock cannot infer is a 502 of the model, and its cost is not known', async () => {
    const answer = await generate({ prompt: 'a blurred mind' });
    expect(answer).toMatchObject({ status: 502, error: { code: 'model_error' } });
  });
});

describe('edits', () => {
  test('an image and a prompt: Stable Diffusion goes on from it', async () => {
    const { answer, drawn } = await seen(() =>
      edit({ model: diffusion, prompt, image: file(photo), strength: '0.4', n: '2' }),
    );
    expect(answer.status).toBe(200);
    expect(answer.data).toHaveLength(2);
    expect(drawn[0]).toMatchObject({
      region: 'us-west-2',
      body: { prompt, mode: 'image-to-image', strength: 0.4, image: photo.toString('base64') },
    });
  });

  test('a profile is called at home; a bare id is sent through its profile', async () => {
    const fields = { prompt, image: file(photo), mask: file(png({ width: 80, height: 64, samples: 1 })) };
    const byProfile = await seen(() => edit({ ...fields, model: inpaint }));
    expect(byProfile.answer.status).toBe(200);
    expect(byProfile.drawn).toMatchObject([{ modelId: inpaint, region: 'us-east-1' }]);
    const bare = await seen(() => edit({ ...fields, model: inpaint.slice(3), n: '2' }));
    expect(bare.answer.status).toBe(200);
    expect(bare.answer.data).toHaveLength(2);
    expect(bare.answer.headers.get('x-gateway-model')).toBe(inpaint);
  });

  test('a mask of OpenAI’s, transparent where it is edited, is sent white there', async () => {
    const mask = file(png({ width: 80, height: 64, samples: 4 }, (x) => [0, 0, 0, x < 40 ? 0 : 255]));
    const { answer, drawn } = await seen(() => edit({ model: inpaint, prompt, image: file(photo), mask }));
    expect(answer.status).toBe(200);
    const sent = Buffer.from(String((drawn[0]?.body as { mask?: string })?.mask), 'base64');
    // Eight bits of grey, of the same size.
    expect([sent.readUInt32BE(16), sent.readUInt32BE(20), sent[24], sent[25]]).toEqual([80, 64, 8, 0]);
  });

  test.each([
    ['search-replace', { search_prompt: 'bicycle' }, { prompt, search_prompt: 'bicycle' }],
    ['search-recolor', { select_prompt: 'bicycle' }, { select_prompt: 'bicycle' }],
    ['control-sketch', { control_strength: '0.7' }, { control_strength: 0.7 }],
    ['style-guide', { size: '1024x1536', fidelity: '1' }, { aspect_ratio: '2:3', fidelity: 1 }],
  ])('Stable Image %s', async (name, fields, body) => {
    const model = `us.stability.stable-image-${name}-v1:0`;
    const { answer, drawn } = await seen(() => edit({ model, prompt, image: file(photo), ...fields }));
    expect(answer.status).toBe(200);
    expect(drawn).toMatchObject([{ body }]);
  });

  test('no background: transparent, and the prompt that OpenAI’s clients must send is ignored by name', async () => {
    const { answer, drawn } = await seen(() =>
      edit({
        model: 'us.stability.stable-image-remove-background-v1:0',
        prompt: 'remove it',
        image: file(photo),
        background: 'transparent',
        output_format: 'webp',
      }),
    );
    expect(answer).toMatchObject({
      status: 200,
      background: 'transparent',
      output_format: 'webp',
      size: '1024x1024',
    });
    expect(answer.headers.get('x-gateway-ignored')).toBe('prompt');
    expect(drawn[0]?.body).toEqual({ image: photo.toString('base64'), output_format: 'webp' });
  });

  test('a JPEG without its background is not called transparent', async () => {
    const model = 'us.stability.stable-image-remove-background-v1:0';
    const answer = await edit({ model, image: file(photo), output_format: 'jpeg' });
    expect(answer).toMatchObject({ status: 200, output_format: 'jpeg' });
    expect(answer).not.toHaveProperty('background');
  });

  test('two images for a transfer of style, in JSON as well', async () => {
    const url = `data:image/png;base64,${photo.toString('base64')}`;
    const model = 'us.stability.stable-style-transfer-v1:0';
    const body = { model, images: [{ image_url: url }, { image_url: url }], style_strength: 0.5 };
    const { drawn } = await seen(() => stack.post('/images/edits', body));
    expect(drawn).toMatchObject([
      { body: { init_image: photo.toString('base64'), style_image: photo.toString('base64') } },
    ]);
    expect(await edit({ model, image: file(photo) })).toMatchObject({
      status: 400,
      error: { message: expect.stringContaining('2 images (init_image, then style_image)'), param: 'image' },
    });
  });

  test.each<[string, Record<string, string | File>, RegExp, string | null]>([
    ['no image', { model: diffusion, prompt }, /Missing required parameter: 'image'/, 'image'],
    ['no picture', { model: diffusion, prompt, image: file(Buffer.from('GIF89a..')) }, /a gif/, 'image'],
    [
      'a mask that has no use',
      { model: diffusion, prompt, image: file(photo), mask: file(photo) },
      /Inpaint/,
      'mask',
    ],
    [
      'no words to search for',
      { model: 'us.stability.stable-image-search-replace-v1:0', prompt, image: file(photo) },
      /needs search_prompt/,
      'search_prompt',
    ],
    [
      'no side to add to',
      { model: 'us.stability.stable-outpaint-v1:0', image: file(photo) },
      /left or right or up or down/,
      'left',
    ],
    [
      'a range of its own',
      { model: 'us.stability.stable-creative-upscale-v1:0', prompt, image: file(photo), creativity: '0.9' },
      /0.1 to 0.5/,
      'creativity',
    ],
    ['a number in words', { model: diffusion, prompt, image: file(photo), n: 'two' }, /'n'/, 'n'],
    [
      'a model of words alone',
      { model: core, prompt, image: file(photo) },
      /\/v1\/images\/generations/,
      'model',
    ],
  ])('%s: a 400 before any call', async (_, fields, said, param) => {
    const { answer, drawn } = await seen(() => edit(fields));
    expect(answer).toMatchObject({ status: 400, error: { message: expect.stringMatching(said), param } });
    expect(drawn).toEqual([]);
  });

  test('what is no form and no JSON is a 400', async () => {
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'application/json',
      'text/plain',
    ]) {
      const answer = await stack.post('/images/edits', '--y\r\nnothing', { 'content-type': type });
      expect(answer.status, type).toBe(400);
    }
  });

  test('I7 a body beyond the limit is a 413 that names it', async () => {
    const other = await startStack({ env: { MAX_BODY_BYTES: '1000000' } });
    const image = file(Buffer.alloc(1_000_000, photo));
    const answer = await edit({ model: diffusion, prompt, image }, other.apiKey, other);
    await other.close();
    expect(answer).toMatchObject({ status: 413, error: { code: 'request_too_large' } });
    expect(answer.error?.message).toContain('1000000 bytes');
  });

  test('I7 what a Function URL does not take is a 413, whoever says so', async () => {
    const answer = await edit({ model: diffusion, prompt, image: file(Buffer.alloc(6_300_000, photo)) });
    expect(answer.status).toBe(413);
  });
});

describe('keys', () => {
  test('a scope is judged by what is called, before an image is looked at', async () => {
    expect((await generate({}, 'sk-canary-core')).status).toBe(200);
    const other = await edit({ model: diffusion, prompt }, 'sk-canary-core');
    expect(other).toMatchObject({ status: 403, error: { code: 'model_not_allowed' } });
  });

  test('an enforced guardrail looks at what is said and shown, and at what is drawn', async () => {
    const { answer, calls } = await seen(() =>
      edit({ model: diffusion, prompt, negative_prompt: 'rain', image: file(photo) }, 'sk-canary-guarded'),
    );
    expect(answer.status).toBe(200);
    expect(calls.map(({ operation }) => operation)).toEqual([
      ...Array(3).fill('ApplyGuardrail'),
      'InvokeModel',
      'ApplyGuardrail',
    ]);
    const sources = calls.flatMap(({ body }) => (body as { source?: string }).source ?? []);
    expect(sources).toEqual(['INPUT', 'INPUT', 'INPUT', 'OUTPUT']);
    expect(calls.at(-1)).toMatchObject({ region: 'us-east-1' });
  });

  test.each<[string, Record<string, string | File>]>([
    ['prompt', { prompt: 'a forbidden word', image: file(photo) }],
    ['negative_prompt', { prompt, negative_prompt: 'forbidden', image: file(photo) }],
    ['image', { prompt, image: file(png({ width: 64, height: 64, samples: 1 }, undefined, 'hateful')) }],
  ])('what it blocks in %s is a 400, and nothing is drawn', async (param, fields) => {
    const { answer, drawn } = await seen(() => edit({ model: diffusion, ...fields }, 'sk-canary-guarded'));
    expect(answer).toMatchObject({ status: 400, error: { code: 'content_filter', param } });
    expect(drawn).toEqual([]);
  });

  test('what it masks is drawn as it was masked', async () => {
    const { answer, drawn } = await seen(() =>
      generate({ prompt: 'a confidential cat' }, 'sk-canary-guarded'),
    );
    expect(drawn).toMatchObject([{ body: { prompt: 'a {NAME} cat' } }]);
    expect(answer.headers.get('x-gateway-warnings')).toBe('the guardrail masked parts of prompt');
  });

  test('an image that it blocks once it is drawn is not given, and is paid for', async () => {
    const { answer, drawn } = await seen(() => generate({ prompt: 'a grim scene' }, 'sk-canary-guarded'));
    expect(drawn).toHaveLength(1);
    expect(answer).toMatchObject({ status: 400, error: { code: 'content_filter', param: null } });
    expect(answer.data).toBeUndefined();
    expect(stack.logs.at(-1)).toMatchObject({ costAtLeastUsd: '0.04', errorCode: 'content_filter' });
  });

  test('WebP cannot be looked at', async () => {
    const model = 'us.stability.stable-image-remove-background-v1:0';
    const answer = await edit({ model, image: file(photo), output_format: 'webp' }, 'sk-canary-guarded');
    expect(answer).toMatchObject({ status: 400, error: { param: 'output_format' } });
  });
});

describe('where the model is', () => {
  test.each([
    ['home in Europe', { AWS_REGION: 'eu-central-1' }, 'us-west-2'],
    ['a region of the setting', { GATEWAY_REGIONS: 'us-east-1,us-west-2' }, 'us-west-2'],
  ])('%s', async (_, env, region) => {
    const other = await startStack({ env });
    const { answer, drawn } = await seen(() => generate({}, other.apiKey, other), other);
    await other.close();
    expect(answer.status).toBe(200);
    expect(drawn.map((call) => call.region)).toEqual([region]);
  });

  test('a geography without it: a 400, and no call', async () => {
    const other = await startStack({ env: { AWS_REGION: 'eu-central-1', RESIDENCY: 'geography' } });
    const { answer, drawn } = await seen(() => generate({}, other.apiKey, other), other);
    await other.close();
    expect(answer).toMatchObject({ status: 400, error: { code: 'model_not_supported', param: 'model' } });
    expect(drawn).toEqual([]);
  });

  test('a busy region is left for another, a busy model for its own fallback', async () => {
    const env = {
      AWS_MAX_ATTEMPTS: '1',
      GATEWAY_REGIONS: 'us-east-1,us-west-2',
      FALLBACKS: JSON.stringify({ models: { [core]: [diffusion] } }),
    };
    const other = await startStack({ env });
    const busy = { prompt: '[[throttle@us-east-1]] a bicycle', image: file(photo), model: inpaint };
    const regions = await seen(() => edit(busy, other.apiKey, other), other);
    expect(regions.answer.status).toBe(200);
    expect(regions.drawn.map(({ region }) => region)).toEqual(['us-east-1', 'us-west-2']);
    const models = await seen(
      () => generate({ prompt: '[[throttle@stable-image-core]] a bicycle' }, other.apiKey, other),
      other,
    );
    await other.close();
    expect(models.answer.status).toBe(200);
    expect(models.drawn.map(({ modelId }) => modelId)).toEqual([core, diffusion]);
    expect(models.answer.headers.get('x-gateway-model')).toBe(diffusion);
  });

  test('GET /v1/models lists them with their routes', async () => {
    const other = await startStack({ env: { AWS_REGION: 'us-west-2' } });
    const response = await other.get('/models?output=IMAGE');
    const { data } = (await response.json()) as { data: { id: string; endpoints: string[] }[] };
    await other.close();
    const endpoints = (id: string) => data.find((each) => each.id === id)?.endpoints;
    expect(endpoints(core)).toEqual(['/v1/images/generations']);
    expect(endpoints(diffusion)).toEqual(['/v1/images/generations', '/v1/images/edits']);
    expect(endpoints(inpaint)).toEqual(['/v1/images/edits']);
  });
});

describe('the openai package', () => {
  test('generates, edits, and reads an error', async () => {
    const { openai } = stack;
    const drawn = await openai.images.generate({ model: core, prompt, n: 2, size: '1024x1024' });
    expect(drawn.data).toHaveLength(2);
    const edited = await openai.images.edit({
      model: diffusion,
      prompt,
      image: await toFile(photo, 'photo.png', { type: 'image/png' }),
    });
    expect(ofKind(edited.data?.[0]?.b64_json)).toBe('PNG');
    const refused = await openai.images.generate({ model: core, prompt: 'obscene' }).catch((error) => error);
    expect(refused).toBeInstanceOf(APIError);
    expect(refused).toMatchObject({ status: 400, code: 'moderation_blocked' });
  });

  test('streams', async () => {
    const stream = await stack.openai.images.generate({ model: core, prompt, stream: true });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(types).toEqual(['image_generation.completed']);
  });
});

describe('a budget', () => {
  test('is held by the image: what would go beyond it is not drawn', async () => {
    const limited = await startLimited({
      keys: { painter: { limits: { dollarsPerDay: 0.1 } } },
      env: { PRICES: '{}' },
    });
    const two = await seen(() => generate({ n: 2 }, 'sk-painter', limited), limited);
    expect(two.answer.data).toHaveLength(2);
    const third = await seen(() => generate({}, 'sk-painter', limited), limited);
    await limited.close();
    expect(third.answer).toMatchObject({ status: 429, error: { code: 'insufficient_quota' } });
    expect(third.drawn).toEqual([]);
  });

  test('several images are admitted together, or none of them', async () => {
    const limited = await startLimited({
      keys: { painter: { limits: { dollarsPerDay: 0.1 } } },
      env: { PRICES: '{}' },
    });
    const { answer, drawn } = await seen(() => generate({ n: 3 }, 'sk-painter', limited), limited);
    await limited.close();
    expect(answer.status).toBe(429);
    expect(drawn).toEqual([]);
  });
});
