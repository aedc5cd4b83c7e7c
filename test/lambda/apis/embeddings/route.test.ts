import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { embeddings } from '../../../../lambda/apis/embeddings/route.ts';
import type { GatewayEnv } from '../../../../lambda/apis/shared/env.ts';
import type { EmbeddingsEngine } from '../../../../lambda/engine/embeddings.ts';
import type { Plan } from '../../../../lambda/engine/plan.ts';
import { field } from '../../../../lambda/fields.ts';
import { requestContext } from '../../../support/context.ts';

const outcome = {
  model: 'titan',
  modelId: 'amazon.titan-embed-text-v2:0',
  steps: [{ model: 'titan', region: 'eu-west-1', result: 'ok' }],
  warnings: ['be warned'],
  ignored: [field('inputType')],
  vectors: [[1, 2]],
  usage: { tokens: 3, estimated: false },
};

const plan: Plan = { steps: [], refused: [] };

function app(embed: EmbeddingsEngine['embed']) {
  const context = requestContext();
  const hono = new Hono<GatewayEnv>();
  hono.use((c, next) => {
    c.set('request', context);
    return next();
  });
  hono.post(
    '/embeddings',
    embeddings({
      engine: { permit: async () => plan, embed },
      fetchMedia: async () => new Map(),
      strict: false,
    }),
  );
  return { hono, context };
}

test('a request goes through the engine and comes back with headers', async () => {
  const seen: unknown[] = [];
  const { hono, context } = app(async (...given) => {
    seen.push(...given);
    return outcome;
  });
  const response = await hono.request('/embeddings', {
    method: 'POST',
    body: JSON.stringify({ model: 'titan', input: 'a', colour: 'red' }),
  });
  expect(seen).toEqual([{ model: 'titan', texts: ['a'], single: true }, plan, context]);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [1, 2] }],
    model: 'titan',
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-gateway-model': 'amazon.titan-embed-text-v2:0',
    'x-gateway-ignored': 'colour; input_type',
    'x-gateway-warnings': 'be warned',
  });
  expect(context.trace.allFacts()).toEqual({ api: 'embeddings', stream: false, modelAsked: 'titan' });
});

test('a request that is wrong never gets to the engine', async () => {
  const { hono } = app(() => expect.fail('the engine was called'));
  let thrown: unknown;
  hono.onError((error, c) => {
    thrown = error;
    return c.body(null, 400);
  });
  await hono.request('/embeddings', { method: 'POST', body: JSON.stringify({ model: 'titan', input: '' }) });
  expect(thrown).toMatchObject({ status: 400, param: 'input' });
});
