import { CohereClient, CohereClientV2, CohereError } from 'cohere-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.ts';
import { versionOf } from '../support/report.ts';

const model = 'cohere.rerank-v3-5:0';
const query = 'What is the capital of France';
const documents = ['Bananas are yellow.', 'Paris is the capital of France.', 'France is a country.'];

let stack: Stack;
/** The base URL without `/v1`: the package has its versions in its paths. */
let environment: string;
beforeAll(async () => {
  stack = await startStack();
  environment = stack.baseUrl.replace(/\/v1$/, '');
});
afterAll(() => stack.close());

describe(`cohere-ai ${versionOf('cohere-ai')}`, () => {
  it('ranks in version 2', async () => {
    const client = new CohereClientV2({ token: stack.apiKey, environment });
    const { results, meta } = await client.rerank({ model, query, documents, topN: 2 });
    expect(results.map(({ index }) => index)).toEqual([1, 2]);
    expect(results[0]?.relevanceScore).toBeGreaterThan(results[1]?.relevanceScore ?? 1);
    expect(meta).toMatchObject({ apiVersion: { version: '2' }, billedUnits: { searchUnits: 1 } });
  });

  it('ranks in version 1, objects by their fields, with what it sent', async () => {
    const client = new CohereClient({ token: stack.apiKey, environment });
    const { results } = await client.rerank({
      model: 'rerank-english-v3.0',
      query,
      documents: documents.map((title, i) => ({ title, text: `number ${i}` })),
      rankFields: ['title'],
      returnDocuments: true,
    });
    expect(results.map(({ index }) => index)).toEqual([1, 2, 0]);
    expect(results[0]?.document).toMatchObject({ title: documents[1], text: 'number 1' });
  });

  it('throws its own error, with the gateway’s words', async () => {
    const client = new CohereClientV2({ token: stack.apiKey, environment, maxRetries: 0 });
    const asked = client.rerank({ model, query, documents: [] });
    await expect(asked).rejects.toBeInstanceOf(CohereError);
    await expect(asked).rejects.toMatchObject({
      statusCode: 400,
      body: { message: expect.stringContaining('the list is empty') },
    });
    const unknown = new CohereClientV2({ token: 'sk-wrong', environment, maxRetries: 0 });
    await expect(unknown.rerank({ model, query, documents })).rejects.toMatchObject({ statusCode: 401 });
  });
});

/** What other programs send, as they were read in their source: each reads these members of the answer. */
describe('requests of other programs', () => {
  it.each([
    ['Open WebUI, an external reranker', '/v1/rerank', { model, query, documents, top_n: documents.length }],
    ['LangChain', '/v2/rerank', { model, query, documents, top_n: 3, max_tokens_per_doc: 4096 }],
    ['LiteLLM', '/rerank', { model, query, documents, top_n: 3, return_documents: true }],
    ['Dify, by Jina’s shape', '/v1/rerank', { model, query, documents, top_n: 3, return_documents: true }],
  ])('%s', async (_, path, body) => {
    const response = await fetch(`${environment}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { results } = (await response.json()) as {
      results: { index: number; relevance_score: number; document?: { text: string } }[];
    };
    expect(results.map(({ index }) => index)).toEqual([1, 2, 0]);
    expect(results.every(({ relevance_score }) => relevance_score >= 0 && relevance_score <= 1)).toBe(true);
    if ('return_documents' in body) expect(results[0]?.document?.text).toBe(documents[1]);
  });
});
