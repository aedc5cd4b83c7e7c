import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDay } from '../../support/admin.ts';
import { haiku } from '../../support/chat.ts';
import { ask, settled, startLimited } from '../../support/limited.ts';
import type { Stack } from '../../support/stack.ts';

const daySeconds = 86_400;
const startOfToday = Math.floor(Date.now() / 1000 / daySeconds) * daySeconds;
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
const titan = 'amazon.titan-embed-text-v2:0';
const draws = 'stability.sd3-5-large-v1:0';
const ranks = 'cohere.rerank-v3-5:0';

let stack: Stack;
beforeAll(async () => {
  stack = await startLimited({
    keys: { root: { admin: true }, ann: {}, artist: {} },
    env: { USAGE_BY_DAY: 'true' },
  });
  expect((await ask(stack, 'ann')).status).toBe(200);
  await settled(stack);
  addDay(stack, dayOf(startOfToday - 2 * daySeconds), 'ben', titan, {
    requests: 4,
    inputTokens: 90,
    costPico: 1_800_000,
  });
  addDay(stack, dayOf(startOfToday - 2 * daySeconds), 'ben', 'vendor.x', {
    requests: 2,
    inputTokens: 10,
    cacheReadTokens: 30,
    outputTokens: 5,
    costPico: 2_500_000_000_000,
    unpriced: 3,
    unpricedRequests: 1,
  });
});
afterAll(() => stack.close());

interface Result {
  [member: string]: unknown;
  model?: string;
  amount: { value: number };
}
interface Answer {
  data: { start_time: number; results: Result[] }[];
  next_page: string;
}

async function get(path: string, key = 'root') {
  const response = await stack.get(`/organization/${path}`, { authorization: `Bearer sk-${key}` });
  return { status: response.status, body: (await response.json()) as Answer };
}

const since = startOfToday - 2 * daySeconds;

describe('GET /v1/organization/usage/…', () => {
  test('U1 has a bucket for each day, in OpenAI’s shape', async () => {
    const { status, body } = await get(`usage/completions?start_time=${since}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: 'page', has_more: false, next_page: null });
    expect(body.data.map(({ start_time }) => start_time)).toEqual([since, since + daySeconds, startOfToday]);
    expect(body.data[0]).toEqual({
      object: 'bucket',
      start_time: since,
      end_time: since + daySeconds,
      results: [
        {
          object: 'organization.usage.completions.result',
          input_tokens: 40,
          input_cached_tokens: 30,
          input_audio_tokens: 0,
          output_tokens: 5,
          output_audio_tokens: 0,
          num_model_requests: 2,
          batch: null,
          project_id: null,
          user_id: null,
          api_key_id: null,
          model: null,
        },
      ],
    });
    expect(body.data[1]?.results).toEqual([]);
  });

  test('groups by model and key, filters by both, and says what a call has used', async () => {
    const path = `usage/completions?start_time=${startOfToday}&group_by=model&group_by[]=api_key_id&api_key_ids=ann`;
    const [result, ...more] = (await get(path)).body.data[0]?.results ?? [];
    expect(more).toEqual([]);
    expect(result).toMatchObject({ api_key_id: 'ann', num_model_requests: 1 });
    expect(haiku).toContain(result?.model);
    expect((await get(`${path}&models=vendor.x`)).body.data[0]?.results).toEqual([]);
  });

  test('embeddings, images and moderations have their own', async () => {
    const { body } = await get(`usage/embeddings?start_time=${since}&group_by=model`);
    expect(body.data[0]?.results).toMatchObject([
      {
        object: 'organization.usage.embeddings.result',
        input_tokens: 90,
        model: titan,
        num_model_requests: 4,
      },
    ]);
    for (const kind of ['images', 'moderations'])
      expect((await get(`usage/${kind}?start_time=${since}`)).body.data).toHaveLength(3);
  });

  test('what was drawn and what was ranked is in the costs, and what was drawn under images', async () => {
    const asked = { authorization: 'Bearer sk-artist' };
    const drawn = await stack.post('/images/generations', { model: draws, prompt: 'a cat', n: 2 }, asked);
    expect([drawn.status, ((await drawn.json()) as { data: unknown[] }).data.length]).toEqual([200, 2]);
    const query = { model: ranks, query: 'which', documents: ['one', 'two'] };
    const ranked = await stack.post('/rerank', query, asked);
    expect([ranked.status, await ranked.text()]).toEqual([200, expect.any(String)]);
    await settled(stack);
    const own = `start_time=${startOfToday}&api_key_ids=artist&group_by=model`;
    expect((await get(`usage/images?${own}`)).body.data[0]?.results).toMatchObject([
      { object: 'organization.usage.images.result', images: 2, num_model_requests: 1, model: draws },
    ]);
    expect((await get(`usage/completions?${own}`)).body.data[0]?.results).toEqual([]);
    const costs = (await get(`costs?${own}`)).body.data[0]?.results ?? [];
    expect(
      costs.map(({ model, amount, unpriced_requests }) => [model, amount.value, unpriced_requests]),
    ).toEqual(
      expect.arrayContaining([
        [draws, 0.16, 0],
        [ranks, 0.002, 0],
      ]),
    );
  });

  test('goes on by pages', async () => {
    const first = (await get(`usage/completions?start_time=${since}&limit=2`)).body;
    expect(first).toMatchObject({ has_more: true });
    expect(first.data).toHaveLength(2);
    const next = (await get(`usage/completions?start_time=${since}&limit=2&page=${first.next_page}`)).body;
    expect(next).toMatchObject({ has_more: false, next_page: null });
    expect(next.data[0]?.start_time).toBe(startOfToday);
  });
});

describe('GET /v1/organization/costs', () => {
  test('U3 is exact, and says of how many requests it leaves calls out', async () => {
    const { body } = await get(`costs?start_time=${since}&group_by=line_item`);
    const results = body.data[0]?.results ?? [];
    expect(results.find(({ line_item }) => line_item === 'vendor.x')).toEqual({
      object: 'organization.costs.result',
      amount: { value: 2.5, currency: 'usd' },
      line_item: 'vendor.x',
      project_id: null,
      api_key_id: null,
      model: null,
      unpriced_requests: 1,
    });
    expect((await get(`costs?start_time=${since}`)).body.data[0]?.results[0]?.amount.value).toBe(2.5000018);
  });

  test('U3 is null where nothing of it has a known price', async () => {
    addDay(stack, dayOf(startOfToday), 'eve', 'vendor.y', { requests: 2, unpriced: 2, unpricedRequests: 2 });
    const { body } = await get(`costs?start_time=${startOfToday}&group_by=line_item&api_key_ids=eve`);
    expect(body.data[0]?.results).toMatchObject([
      { amount: { value: null, currency: 'usd' }, line_item: 'vendor.y', unpriced_requests: 2 },
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    ['O27: group_by=project_id', 'usage/completions?start_time=1&group_by=project_id', 'group_by'],
    ['group_by of what does not exist', 'costs?start_time=1&group_by=user_id', 'group_by'],
    ['a width of hours', 'usage/completions?start_time=1&bucket_width=1h', 'bucket_width'],
    ['a width of nothing', 'usage/completions?start_time=1&bucket_width=', 'bucket_width'],
    ['a filter by projects', 'usage/completions?start_time=1&project_ids=p', 'project_ids'],
    ['no start', 'usage/completions', 'start_time'],
    ['a start that is no time', 'usage/completions?start_time=yesterday', 'start_time'],
    ['an end before the start', 'usage/completions?start_time=9&end_time=9', 'end_time'],
    ['too many buckets', 'usage/completions?start_time=1&limit=32', 'limit'],
    ['too many days of costs', 'costs?start_time=1&limit=181', 'limit'],
    ['a page of another API', 'costs?start_time=1&page=abc', 'page'],
    ['what is not known', 'costs?start_time=1&colour=red', 'colour'],
  ])('%s is a 400 that names it', async (_, path, param) => {
    expect(await get(path)).toMatchObject({
      status: 400,
      body: { error: { param, type: 'invalid_request_error' } },
    });
  });

  test('U2 a key without the right gets a 403, no key a 401, another kind of usage a 404', async () => {
    expect(await get(`costs?start_time=${since}`, 'ann')).toMatchObject({
      status: 403,
      body: { error: { code: 'admin_key_required' } },
    });
    expect((await get(`costs?start_time=${since}`, 'nobody')).status).toBe(401);
    expect((await get(`usage/costs?start_time=${since}`)).status).toBe(404);
    expect((await get(`usage/toString?start_time=${since}`)).status).toBe(404);
  });

  test('while the table does not answer it is a 503', async () => {
    stack.simulator.dynamoDb.failing.set('Query', { exception: 'InternalServerError', status: 500 });
    expect(await get(`costs?start_time=${since}`)).toMatchObject({
      status: 503,
      body: { error: { code: 'limits_unavailable' } },
    });
    stack.simulator.dynamoDb.failing.delete('Query');
  });
});
