import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';

/** Whatever stands in a body: an answer, or an error that is the client's, in a form that it reads. */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { LOG_LEVEL: 'error', AWS_MAX_ATTEMPTS: '1' } });
});
afterAll(() => stack.close());

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, '', ' ', [], {}, 0, -1, 1e308, 0.1, true, [null], [[]], [{}], ['']),
  fc.constantFrom<unknown>('\ud800', '\u0000', '__proto__', { __proto__: null, constructor: {} }),
  fc.constantFrom<unknown>([{ type: 'text' }], [{ type: 'image_url', image_url: 'data:,' }], [1, 'a']),
);

const routes = [
  {
    path: '/rerank',
    body: { model: 'cohere.rerank-v3-5:0', query: 'a', documents: ['a', { title: 'b' }] },
    more: ['top_n', 'rank_fields', 'return_documents', 'max_tokens_per_doc', 'max_chunks_per_doc'],
    answer: 'results',
  },
  {
    path: '/completions',
    body: { model: 'us.amazon.nova-lite-v1:0', prompt: ['a', 'b'] },
    more: [
      'suffix',
      'n',
      'best_of',
      'stop',
      'echo',
      'max_tokens',
      'temperature',
      'stream_options',
      'logit_bias',
    ],
    answer: 'choices',
  },
  {
    path: '/embeddings',
    body: { model: 'amazon.titan-embed-image-v1', input: ['a', { image: 'iVBORw0KGgo=' }] },
    more: ['dimensions', 'encoding_format', 'input_type', 'truncate', 'normalize'],
    answer: 'data',
  },
  {
    path: '/images/generations',
    body: { model: 'stability.sd3-5-large-v1:0', prompt: 'a' },
    more: ['n', 'size', 'background', 'output_format', 'seed', 'aspect_ratio', 'strength'],
    answer: 'data',
  },
  {
    path: '/images/edits',
    body: {
      model: 'us.stability.stable-image-inpaint-v1:0',
      prompt: 'a',
      image: 'data:image/png;base64,iVBORw0KGgo=',
    },
    more: ['mask', 'images', 'grow_mask', 'n', 'size', 'style_preset'],
    answer: 'data',
  },
  {
    path: '/moderations',
    body: { model: 'omni-moderation-latest', input: 'a' },
    more: ['user'],
    answer: 'results',
  },
  {
    path: '/responses/input_tokens',
    body: { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', input: 'a' },
    more: ['instructions', 'tools', 'text', 'reasoning', 'previous_response_id'],
    answer: 'input_tokens',
  },
];

describe.each(routes)('$path', ({ path, body, more, answer }) => {
  const names = [...Object.keys(body), ...more];
  const bodies = fc
    .dictionary(fc.constantFrom(...names), odd, { maxKeys: 3 })
    .map((given) => ({ ...body, ...given }));

  test('answers, or says in words what is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        const response = await stack.post(path, sent);
        const told = (await response.json()) as Record<string, unknown>;
        if (response.status === 200) {
          expect(told).toHaveProperty(answer);
          return;
        }
        expect(response.status, JSON.stringify(told)).toBeLessThan(500);
        expect(told).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
      }),
      { seed: 20261128, numRuns: 60 },
    );
  });
});
