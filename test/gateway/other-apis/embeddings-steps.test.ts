import { describe, expect, test } from 'vitest';
import { runtimeCalls } from '../../support/chat.ts';
import { startStack } from '../../support/stack.ts';

const cohere = 'cohere.embed-english-v3';

describe('a list of more texts than a request may repeat calls', () => {
  const texts = (count: number, at: number, said: string) =>
    Array.from({ length: count }, (_, i) => (i === at ? said : `text ${i}`));

  test('goes on in the next region, and nothing is embedded twice', async () => {
    const env = { AWS_MAX_ATTEMPTS: '1', GATEWAY_REGIONS: 'us-east-1,us-west-2' };
    const own = await startStack({ env });
    const input = texts(200, 180, '[[throttle@us-east-1]] a');
    const response = await own.post('/embeddings', { model: 'amazon.titan-embed-text-v2:0', input });
    const { data } = (await response.json()) as { data: unknown[] };
    const { length: calls } = runtimeCalls(own);
    await own.close();
    expect([response.status, data?.length]).toEqual([200, 200]);
    // Some were under way when the region was given up.
    expect(calls).toBeLessThan(230);
  });

  test('moves on to a model that takes one text a call', async () => {
    const FALLBACKS = JSON.stringify({ models: { [cohere]: ['amazon.titan-embed-text-v2:0'] } });
    const own = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', FALLBACKS } });
    const response = await own.post('/embeddings', {
      model: cohere,
      input: texts(90, 0, '[[throttle@cohere]] a'),
    });
    const { data } = (await response.json()) as { data: unknown[] };
    await own.close();
    expect([response.status, data?.length]).toEqual([200, 90]);
  });
});
