import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listingNames } from '../../lambda/bedrock/control-plane.ts';
import { png } from '../support/images.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** What a list of models promises: every entry can be used, in time, and what is missing is said. */

interface Model {
  id: string;
  owned_by: string;
  endpoints: string[];
  not_listed?: string;
}

const aliases = { smart: 'anthropic.claude-haiku-4-5-20251001-v1:0', 'gpt-4o*': 'amazon.nova-lite-v1:0' };
const env = { MODEL_ALIASES: JSON.stringify(aliases), AWS_MAX_ATTEMPTS: '2' };

async function list(stack: Stack, query = '') {
  const response = await stack.get(`/models${query}`);
  const { data = [] } = (await response.json()) as { data?: Model[] };
  return { response, data, ids: data.map(({ id }) => id) };
}

const photo = `data:image/png;base64,${png({ width: 64, height: 64, samples: 1 }).toString('base64')}`;

/** By the route that serves a model, what it is asked. */
const bodies: Record<string, object> = {
  '/images/generations': { prompt: 'Hello' },
  '/images/edits': { prompt: 'Hello', image: photo },
  '/chat/completions': { messages: [{ role: 'user', content: 'Hello' }] },
  '/embeddings': { input: 'Hello' },
  '/rerank': { query: 'Hello', documents: ['Hello'] },
};

/** What some edits cannot do without. */
const needs: readonly (readonly [RegExp, object])[] = [
  [/search-replace/, { search_prompt: 'Hello' }],
  [/search-recolor/, { select_prompt: 'Hello' }],
  [/outpaint/, { left: 64 }],
  [/style-transfer/, { image: [photo, photo] }],
];

describe('a list', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env, simulator: { strict: false } });
  });
  afterAll(() => stack.close());

  test('every entry is served by its endpoints', async () => {
    const { data } = await list(stack);
    // The simulator's own entries are there to fail.
    const models = data.filter(({ owned_by }) => owned_by !== 'Simulator');
    expect(models.length).toBeGreaterThan(80);
    const refused: string[] = [];
    for (const { id, endpoints } of models) {
      expect(endpoints.length, id).toBeGreaterThan(0);
      const own = needs.find(([match]) => match.test(id))?.[1];
      for (const endpoint of endpoints) {
        const path = endpoint.replace('/v1', '');
        const { status } = await stack.post(path, { model: id, ...bodies[path], ...own });
        if (status !== 200) refused.push(`${id} ${status}`);
      }
    }
    expect(refused).toEqual([]);
  });

  test('it is in the order of the ids, and the same each time', async () => {
    const { ids } = await list(stack);
    expect(ids).toEqual([...ids].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    expect((await list(stack)).ids).toEqual(ids);
    expect(ids).toContain('smart');
  });

  test('all of it, when asked for: the rest says why it is left out', async () => {
    const { ids } = await list(stack);
    const { data } = await list(stack, '?all=true');
    const rest = data.filter(({ id }) => !ids.includes(id));
    expect(rest.length).toBeGreaterThan(5);
    for (const model of rest) {
      expect(model.endpoints, model.id).toEqual([]);
      expect(model.not_listed, model.id).toMatch(
        /^(It reached the end|No route of this gateway serves it: )/,
      );
      const one = await stack.get(`/models/${encodeURIComponent(model.id)}`);
      expect(await one.json()).toEqual(model);
    }
    expect(data.length).toBe(ids.length + rest.length);
  });

  test.each(['gpt-4o-mini', 'smart', 'claude-haiku-4-5', 'custom:us-east-1:amazon.nova-lite-v1:0'])(
    'a name that a chat accepts, %s, exists here too',
    async (model) => {
      const chat = await stack.post('/chat/completions', {
        model,
        messages: [{ role: 'user', content: 'Hello' }],
      });
      expect(chat.status).toBe(200);
      const response = await stack.get(`/models/${encodeURIComponent(model)}`);
      expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ id: model })]);
    },
  );
});

describe('a control plane that hangs', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env });
  });
  afterEach(() => stack.simulator.reset());
  afterAll(() => stack.close());

  test('the list and a chat by a listed name go on without it; it completes the list when it answers', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    stack.simulator.held.set('ListImportedModels', held);
    const [first, chat] = await Promise.all([
      list(stack),
      stack.post('/chat/completions', {
        model: 'claude-haiku-4-5',
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    ]);
    expect([first.response.status, chat.status]).toEqual([200, 200]);
    expect(first.ids).toContain('amazon.nova-lite-v1:0');
    expect(first.response.headers.get('x-gateway-warnings')).toBe(
      'imported models in us-east-1 are missing: AWS has not answered yet',
    );
    answer();
    await expect.poll(async () => (await list(stack)).ids.length).toBeGreaterThan(first.ids.length);
    expect((await list(stack)).response.headers.get('x-gateway-warnings')).toBeNull();
  });
});

describe('where nothing can be listed', () => {
  const operations: Record<string, string> = {
    systemProfiles: 'ListInferenceProfiles',
    applicationProfiles: 'ListInferenceProfiles',
    deployments: 'ListCustomModelDeployments',
    provisionedModels: 'ListProvisionedModelThroughputs',
    marketplaceEndpoints: 'ListMarketplaceModelEndpoints',
  };

  test('an error says what to allow, for a list, one model and a chat by a listed name', async () => {
    const stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1' } });
    for (const name of listingNames) {
      const operation = operations[name] ?? `List${name[0]?.toUpperCase()}${name.slice(1)}`;
      stack.simulator.failing.set(operation, 'AccessDeniedException');
    }
    const answers = [
      await stack.get('/models'),
      await stack.get('/models/amazon.nova-lite-v1:0'),
      await stack.post('/chat/completions', { model: 'haiku', messages: [{ role: 'user', content: 'Hi' }] }),
    ];
    for (const answer of answers) {
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      expect([answer.status, error.code]).toEqual([403, 'listing_denied']);
      expect(error.message).toContain('allow bedrock:ListFoundationModels');
      expect(error.message).not.toMatch(/123456789012|assumed-role/);
    }
    await stack.close();
  });
});
