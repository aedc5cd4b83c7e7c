import { afterEach, describe, expect, test } from 'vitest';
import { searchUnits } from '../../../../lambda/aws/search-units.ts';
import { createRankDocuments } from '../../../../lambda/backends/rerank/rank.ts';
import type { BedrockClients } from '../../../../lambda/bedrock/clients.ts';
import { call, fakeBedrock, sendJson, testClients } from '../fake-bedrock.ts';

let server: Awaited<ReturnType<typeof fakeBedrock>> | undefined;
let clients: BedrockClients | undefined;
afterEach(async () => {
  clients?.close();
  await server?.close();
});

/** Ranks three documents by a model that answers this. */
async function ranked(body: unknown, topN = 3) {
  server = await fakeBedrock((_, response) => sendJson(response, 200, body, { 'x-amzn-requestid': 'r-1' }));
  clients = testClients(server.url);
  const { target, signal } = call();
  const documents = ['a', 'b', 'c'];
  return createRankDocuments(clients)({ target, signal, format: 'amazon', query: 'q', documents, topN });
}

const result = (index: unknown, relevance_score: unknown) => ({ index, relevance_score });

describe('the answer of a reranking model', () => {
  test('comes with the best first, whatever its order, and no more than were asked for', async () => {
    const body = { results: [result(2, 0.1), result(0, 0.9), result(1, 0.5)] };
    expect(await ranked(body, 2)).toEqual({
      ranks: [
        { index: 0, score: 0.9 },
        { index: 1, score: 0.5 },
      ],
      requestId: 'r-1',
    });
  });

  test.each([
    ['no results', {}],
    ['none at all', { results: [] }],
    ['a place that there is not', { results: [result(3, 0.1)] }],
    ['a place before the first', { results: [result(-1, 0.1)] }],
    ['no whole number', { results: [result(0.5, 0.1)] }],
    ['a place twice', { results: [result(1, 0.1), result(1, 0.2)] }],
    ['no score', { results: [result(1, undefined)] }],
    ['null for a score', { results: [result(1, null)] }],
    ['null for a place', { results: [result(null, 0.1)] }],
    ['a place in words', { results: [result('', 0.1)] }],
    ['something else', 'Hello'],
  ])('with %s it is a failure of the model', async (_, body) => {
    await expect(ranked(body)).rejects.toMatchObject({
      status: 502,
      reason: 'model_error',
      // It has been paid for: that is counted, and it is not asked for again by itself.
      mayHaveRun: true,
      message: expect.stringContaining('without a ranking'),
    });
  });
});

test.each([
  [1, 1],
  [100, 1],
  [101, 2],
  [1000, 10],
])('%i documents are %i search units', (documents, units) => {
  expect(searchUnits(documents)).toBe(units);
});
