import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmbed } from '../../../../lambda/backends/embed/embed.ts';
import type { BedrockClients } from '../../../../lambda/bedrock/clients.ts';
import type { GatewayError } from '../../../../lambda/errors.ts';
import { type EmbeddingIntent, fitEmbedding } from '../../../../lambda/fit/embeddings.ts';
import { embeddingFamilyOf } from '../../../../lambda/models/embeddings/families.ts';
import { type Simulator, startSimulator } from '../../../../local/simulator/index.ts';
import { foundationModels } from '../../../../local/simulator/models/foundation-models.ts';
import { call, testClients } from '../fake-bedrock.ts';

let simulator: Simulator;
let clients: BedrockClients;

beforeAll(async () => {
  simulator = await startSimulator();
  clients = testClients(simulator.url);
});
afterAll(async () => {
  clients.close();
  await simulator.close();
});

const models = foundationModels
  .filter(({ output }) => output === 'E')
  .map(({ id, onDemand }) => (onDemand ? id : `us.${id}`));

function embed(model: string, texts: string[], intent: EmbeddingIntent = {}) {
  const family = embeddingFamilyOf(model);
  if (!family) throw new Error(`no family: ${model}`);
  const { target, signal } = call();
  const { options } = fitEmbedding(intent, family);
  return createEmbed(clients)({
    target: { ...target, id: model },
    format: family.format,
    texts,
    options,
    signal,
  });
}

const similarity = (a: number[] = [], b: number[] = []) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

describe.each(models)('%s', (model) => {
  test('gives vectors of every size that the table says', async () => {
    for (const dimensions of embeddingFamilyOf(model)?.dimensions ?? []) {
      const { vectors } = await embed(model, ['a cat'], { dimensions });
      expect(vectors.map((vector) => vector.length)).toEqual([dimensions]);
    }
    const { vectors, inputTokens } = await embed(model, ['a cat']);
    expect(vectors[0]).toHaveLength(embeddingFamilyOf(model)?.dimensions[0] ?? 0);
    expect(inputTokens).toBe(model.includes('marengo') ? undefined : 2);
  });

  test('takes every word the table has for it', async () => {
    const { inputTypes = {}, truncations = {} } = embeddingFamilyOf(model) ?? {};
    for (const inputType of Object.keys(inputTypes) as (keyof typeof inputTypes)[]) {
      await expect(embed(model, ['a'], { inputType })).resolves.toBeDefined();
    }
    for (const truncate of Object.keys(truncations) as (keyof typeof truncations)[]) {
      await expect(embed(model, ['a'], { truncate })).resolves.toBeDefined();
    }
  });

  test('takes the images that the table says, with a text where it says so, and no others', async () => {
    const { images, format } = embeddingFamilyOf(model) ?? {};
    const { target, signal } = call();
    const heads = {
      png: '89504e470d0a1a0a',
      jpeg: 'ffd8ffe0',
      gif: '474946383961',
      webp: '524946460000000057454250',
    };
    for (const [kind, head] of Object.entries(heads) as [keyof typeof heads, string][]) {
      if (!images || !format) continue;
      const image = { bytes: Buffer.from(head, 'hex').toString('base64'), format: kind };
      const ask = (texts: string[]) =>
        createEmbed(clients)({ target: { ...target, id: model }, format, texts, image, options: {}, signal });
      if (!images.formats.includes(kind)) {
        await expect(ask([]), kind).rejects.toMatchObject({ status: 400 });
        continue;
      }
      expect((await ask([])).vectors, kind).toHaveLength(1);
      if (images.withText) expect((await ask(['a cat'])).vectors, kind).toHaveLength(1);
    }
  });

  test('the same text has the same vector, and texts with common words are near', async () => {
    const of = async (text: string) => (await embed(model, [text])).vectors[0];
    const cat = await of('the cat sat on the mat');
    expect(await of('the cat sat on the mat')).toEqual(cat);
    const near = similarity(cat, await of('the cat lay on the mat'));
    expect(near).toBeGreaterThan(similarity(cat, await of('stock prices fell sharply')));
    expect(similarity(cat, cat)).toBeCloseTo(1, 5);
  });
});

test.each([
  [
    'cohere.embed-english-v3',
    ['short', 'x'.repeat(3000)],
    'Malformed input request: #/texts/1: expected maxLength: 2048, actual: 3000, please reformat your input and try again.',
  ],
  [
    'cohere.embed-english-v3',
    ['x'.repeat(3000), 'x'.repeat(3000)],
    'Malformed input request: 2 schema violations found, please reformat your input and try again.',
  ],
  [
    'cohere.embed-v4:0',
    Array.from({ length: 97 }, () => 'a'),
    'Malformed input request: #/texts: expected maximum item count: 96, found: 97, please reformat your input and try again.',
  ],
  [
    'amazon.titan-embed-text-v2:0',
    ['x'.repeat(36_000)],
    '400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9000',
  ],
])('%s refuses what is too much, in Bedrock’s words', async (model, texts, words) => {
  const refusal = await embed(model, texts).catch((error: unknown) => error as GatewayError);
  expect(refusal).toMatchObject({ status: 400, upstream: { message: words } });
});
