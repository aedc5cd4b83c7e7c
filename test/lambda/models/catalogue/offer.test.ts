import { describe, expect, test } from 'vitest';
import { type Offered, offerOf } from '../../../../lambda/models/catalogue/offer.ts';

const entry = (modelId: string, more: Partial<Offered> = {}): Offered => ({
  type: 'foundation',
  modelId,
  underlying: modelId,
  region: 'us-east-1',
  input: ['TEXT'],
  output: ['TEXT'],
  ...more,
});
const offer = (modelId: string, more?: Partial<Offered>) => offerOf(entry(modelId, more), 'global');

describe('what serves a model', () => {
  test.each<[string, Partial<Offered>]>([
    ['amazon.nova-lite-v1:0', { input: ['TEXT', 'IMAGE', 'VIDEO'] }],
    ['mistral.voxtral-small-24b-2507', { input: ['TEXT', 'SPEECH'] }],
    ['acme.brand-new-v1:0', {}],
    ['acme.tells-nothing-v1:0', { input: [], output: [] }],
    ['acme.talks-too-v1:0', { output: ['HOLOGRAM', 'TEXT'] }],
  ])('%s %j: chat', (modelId, more) => {
    expect(offer(modelId, more)).toEqual({ endpoints: ['chat'] });
  });

  test.each<[string, Partial<Offered>]>([
    ['amazon.titan-embed-text-v2:0', { output: ['EMBEDDING'] }],
    ['amazon.nova-2-multimodal-embeddings-v1:0', { input: ['TEXT', 'SPEECH'], output: ['EMBEDDING'] }],
    ['us.cohere.embed-v4:0', { type: 'profile', input: [], output: [] }],
    [
      'arn:aws:bedrock:us-east-1:1:application-inference-profile/x',
      { underlying: 'cohere.embed-english-v3' },
    ],
  ])('%s %j: embeddings', (modelId, more) => {
    expect(offer(modelId, more)).toEqual({ endpoints: ['embeddings'] });
  });

  test.each(['cohere.rerank-v3-5:0', 'amazon.rerank-v1:0'])('%s: rerank', (modelId) => {
    expect(offer(modelId)).toEqual({ endpoints: ['rerank'] });
  });

  test.each([
    ['stability.stable-image-core-v1:1', ['images']],
    ['stability.sd3-5-large-v1:0', ['images', 'imageEdits']],
    ['us.stability.stable-outpaint-v1:0', ['imageEdits']],
  ])('%s: %j', (modelId, endpoints) => {
    expect(offer(modelId, { output: ['IMAGE'] })).toEqual({ endpoints });
  });

  test.each<[string, Partial<Offered>, RegExp]>([
    ['us.twelvelabs.pegasus-1-5-v1:0', { type: 'profile', input: ['TEXT', 'VIDEO'] }, /describes videos/],
    ['amazon.nova-2-5-sonic-v1:0', { input: [], output: [] }, /two-way stream/],
    ['luma.ray-v2:0', { input: [], output: [] }, /pictures/],
    ['acme.painter-v1:0', { output: ['IMAGE'] }, /it gives IMAGE\.$/],
    ['acme.embedder-v1:0', { output: ['EMBEDDING'] }, /it gives EMBEDDING\.$/],
    ['acme.listener-v1:0', { input: ['SPEECH'] }, /it takes SPEECH, and no text\.$/],
  ])('%s %j: nothing, and why', (modelId, more, why) => {
    const { endpoints, notListed } = offer(modelId, more);
    expect(endpoints).toEqual([]);
    expect(notListed).toMatch(/^No route of this gateway serves it: /);
    expect(notListed).toMatch(why);
  });
});

describe('what has ended', () => {
  const lifecycle = { status: 'END_OF_LIFE', endOfLife: Date.parse('2026-06-30') / 1000 };

  test.each(['foundation', 'profile', 'application-profile'] as const)('%s: not listed', (type) => {
    expect(offer('amazon.nova-lite-v1:0', { type, lifecycle })).toEqual({
      endpoints: [],
      notListed: 'It reached the end of its life on Amazon Bedrock on 2026-06-30.',
    });
  });

  test.each(['router', 'custom', 'provisioned'] as const)('a %s on such a model: not known', (type) => {
    expect(offer('amazon.nova-lite-v1:0', { type, lifecycle })).toEqual({ endpoints: ['chat'] });
  });

  test('a legacy model is listed until then', () => {
    expect(offer('amazon.nova-lite-v1:0', { lifecycle: { ...lifecycle, status: 'LEGACY' } })).toEqual({
      endpoints: ['chat'],
    });
  });
});

describe('residency', () => {
  test.each([
    ['global', 'us-east-1', 'global.', true],
    ['global', 'ca-central-1', 'us.', true],
    ['geography', 'us-east-1', 'global.', false],
    ['geography', 'us-east-1', 'us.', true],
    ['geography', 'ca-central-1', 'us.', false],
    ['geography', 'ap-northeast-1', 'jp.', true],
    ['geography', 'ap-northeast-1', 'apac.', true],
    ['region', 'us-east-1', 'us.', false],
  ] as const)('%s, %s: %s is listed: %s', (residency, region, prefix, listed) => {
    const profile = entry(`${prefix}amazon.nova-lite-v1:0`, { type: 'profile', region });
    const { endpoints, notListed } = offerOf(profile, residency);
    expect(endpoints).toEqual(['chat']);
    expect(notListed === undefined).toBe(listed);
    if (!listed) expect(notListed).toMatch(new RegExp(`^RESIDENCY is ${residency}`));
    const model = entry('amazon.nova-lite-v1:0', { region });
    expect(offerOf(model, residency)).toEqual({ endpoints: ['chat'] });
  });
});
