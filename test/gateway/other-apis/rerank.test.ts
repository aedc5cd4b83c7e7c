import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nova } from '../../support/chat.ts';
import { keysFile } from '../../support/keys-file.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const cohere = 'cohere.rerank-v3-5:0';
const amazon = 'amazon.rerank-v1:0';
const query = 'What is the capital of France';
const documents = ['Bananas are yellow.', 'Paris is the capital of France.', 'France is a country.'];
const guardrail = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };

let stack: Stack;
beforeAll(async () => {
  const file = await keysFile([
    { name: 'all', key: 'sk-canary-all' },
    { name: 'guarded', key: 'sk-canary-guarded', guardrail },
    { name: 'cohere', key: 'sk-canary-cohere', models: ['cohere.*'] },
  ]);
  stack = await startStack({ env: { API_KEY_FILE: file } });
});
afterAll(() => stack.close());

interface Result {
  index: number;
  relevance_score: number;
  document?: object;
}
interface Answer {
  status: number;
  headers: Headers;
  results: Result[];
  message?: string;
  [member: string]: unknown;
}

/** A path from the root of the host. */
async function ask(path: string, body: object, key = 'sk-canary-all', on = stack): Promise<Answer> {
  const response = await on.post(`/..${path}`, body, { authorization: `Bearer ${key}` });
  const answer = (await response.json()) as Answer;
  return { ...answer, status: response.status, headers: response.headers };
}

/** What the calls of one request sent to Bedrock. */
async function seen<T>(work: () => Promise<T>, on = stack) {
  const before = on.simulator.calls.length;
  const answer = await work();
  return { answer, calls: on.simulator.calls.slice(before) };
}

const indices = ({ results }: Answer) => results.map(({ index }) => index);

describe('ranking', () => {
  test('R1 /v1/rerank with top_n 2: the two best, the best first, by their places in the request', async () => {
    const { answer, calls } = await seen(() =>
      ask('/v1/rerank', { model: cohere, query, documents, top_n: 2 }),
    );
    expect(answer).toMatchObject({
      status: 200,
      object: 'list',
      model: cohere,
      meta: { api_version: { version: '1' }, billed_units: { search_units: 1 } },
    });
    expect(indices(answer)).toEqual([1, 2]);
    expect(answer.results[0]?.relevance_score).toBeGreaterThan(answer.results[1]?.relevance_score ?? 1);
    expect(answer.results[0]).not.toHaveProperty('document');
    expect(answer).not.toHaveProperty('usage');
    expect(calls).toMatchObject([
      {
        operation: 'InvokeModel',
        modelId: cohere,
        region: 'us-east-1',
        body: { query, documents, top_n: 2, api_version: 2 },
      },
    ]);
    expect(answer.headers.get('x-gateway-model')).toBe(cohere);
  });

  test('R2 /v2/rerank without top_n: all of them, in version 2', async () => {
    const answer = await ask('/v2/rerank', { model: cohere, query, documents });
    expect(indices(answer)).toEqual([1, 2, 0]);
    expect(answer.meta).toEqual({ api_version: { version: '2' }, billed_units: { search_units: 1 } });
    expect(typeof answer.id).toBe('string');
  });

  test.each([4, 1001, 2 ** 31 - 1, Number.MAX_SAFE_INTEGER])(
    'R10 a top_n of %i is more than there are: all of them',
    async (top_n) => {
      const { answer, calls } = await seen(() =>
        ask('/v1/rerank', { model: cohere, query, documents, top_n }),
      );
      expect(indices(answer)).toEqual([1, 2, 0]);
      expect(calls[0]?.body).toMatchObject({ top_n: 3 });
    },
  );

  test('R3 101 documents are two search units, in the answer and in the log', async () => {
    const many = Array.from({ length: 101 }, (_, i) => `document ${i}`);
    const answer = await ask('/v1/rerank', { model: cohere, query, documents: many });
    expect(answer.results).toHaveLength(101);
    expect(answer.meta).toMatchObject({ billed_units: { search_units: 2 } });
    expect(stack.logs.at(-1)).toMatchObject({ api: 'rerank', searchUnits: 2, modelUsed: cohere });
    expect(stack.logs.at(-1)).not.toHaveProperty('inputTokens');
  });

  test.each([
    [
      'more than 1,000 documents',
      { query, documents: Array(1001).fill('a') },
      /1001 documents; at most 1000/,
      'documents',
    ],
    ['no documents', { query, documents: [] }, /the list is empty/, 'documents'],
    ['no list of documents', { query }, /Missing required parameter: 'documents'/, 'documents'],
    ['no query', { documents }, /Missing required parameter: 'query'/, 'query'],
    ['an empty query', { query: '', documents }, /'query': it must not be empty/, 'query'],
    ['a document that is neither', { query, documents: ['a', 3] }, /a string or an object/, 'documents[1]'],
    ['an empty document', { query, documents: ['a', ''] }, /no text to rank/, 'documents[1]'],
    ['top_n 0', { query, documents, top_n: 0 }, /at least 1, but got 0/, 'top_n'],
    [
      'max_chunks_per_doc',
      { query, documents, max_chunks_per_doc: 10 },
      /max_tokens_per_doc/,
      'max_chunks_per_doc',
    ],
  ])('R4 %s: a 400 in the words of both vendors, and no call', async (_, body, said, param) => {
    const { answer, calls } = await seen(() => ask('/v1/rerank', { model: cohere, ...body }));
    expect(answer).toMatchObject({
      status: 400,
      message: expect.stringMatching(said),
      error: { message: answer.message, type: 'invalid_request_error', param },
    });
    expect(calls).toEqual([]);
  });

  test('R5 objects with rank_fields: only these are sent, and the original comes back', async () => {
    const objects = [
      { title: 'Fruit', body: 'The capital of France is Paris.' },
      { title: 'The capital of France', body: 'Bananas', year: 3 },
    ];
    const body = {
      model: cohere,
      query,
      documents: objects,
      rank_fields: ['title'],
      return_documents: true,
    };
    const { answer, calls } = await seen(() => ask('/v1/rerank', body));
    expect(calls[0]?.body).toMatchObject({ documents: ['Fruit', 'The capital of France'] });
    expect(answer.results.map(({ document }) => document)).toEqual([objects[1], objects[0]]);
    const all = await seen(() =>
      ask('/v1/rerank', { model: cohere, query, documents: [objects[1], { text: 'a', b: 1 }] }),
    );
    expect(all.calls[0]?.body).toMatchObject({
      documents: ['title: The capital of France\nbody: Bananas\nyear: 3', 'a'],
    });
  });

  test('R6 return_documents: each result has its text', async () => {
    const answer = await ask('/v1/rerank', {
      model: cohere,
      query,
      documents,
      top_n: 1,
      return_documents: true,
    });
    expect(answer.results).toMatchObject([{ index: 1, document: { text: documents[1] } }]);
  });

  test('R7 max_tokens_per_doc: sent to Cohere’s model; on Amazon’s, which refuses it, ignored and named', async () => {
    const sent = await seen(() =>
      ask('/v2/rerank', { model: cohere, query, documents, max_tokens_per_doc: 512 }),
    );
    expect(sent.calls[0]?.body).toMatchObject({ max_tokens_per_doc: 512 });
    const { answer, calls } = await seen(() =>
      ask('/v2/rerank', { model: amazon, query, documents, max_tokens_per_doc: 512, priority: 1 }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-gateway-ignored')).toBe('priority; max_tokens_per_doc');
    expect(calls[0]?.body).toEqual({ query, documents, top_n: 3 });
  });

  test('R8 a chat model: a 400 that names it and those that can', async () => {
    const { answer, calls } = await seen(() => ask('/v1/rerank', { model: nova, query, documents }));
    expect(answer).toMatchObject({ status: 400, error: { code: 'unsupported_model', param: 'model' } });
    expect(answer.message).toContain(nova);
    expect(answer.message).toContain(cohere);
    expect(calls).toEqual([]);
  });

  test('R10 Open WebUI’s request, with top_n as many as there are', async () => {
    const answer = await ask('/v1/rerank', { model: cohere, query, documents, top_n: documents.length });
    expect(indices(answer)).toEqual([1, 2, 0]);
  });

  test('top_n beyond the documents is lowered to them', async () => {
    const { answer, calls } = await seen(() =>
      ask('/v1/rerank', { model: cohere, query, documents, top_n: 50 }),
    );
    expect(answer.results).toHaveLength(3);
    expect(calls[0]?.body).toMatchObject({ top_n: 3 });
  });
});

describe('where it is served', () => {
  test.each([
    ['/rerank', '1'],
    ['/v1/rerank', '1'],
    ['/v2/rerank', '2'],
    ['/api/v1/rerank', '1'],
    ['/cohere/rerank', '1'],
    ['/cohere/v1/rerank', '1'],
    ['/cohere/v2/rerank', '2'],
    ['/cohere//v2/rerank/', '2'],
  ])('%s in version %s', async (path, version) => {
    const answer = await ask(path, { model: cohere, query, documents });
    expect(answer).toMatchObject({ status: 200, meta: { api_version: { version } } });
  });

  test.each(['/v2/rerank', '/rerank', '/cohere/v1/rerank'])('%s without a key is a 401', async (path) => {
    const answer = await ask(path, { model: cohere, query, documents }, 'sk-wrong');
    expect(answer).toMatchObject({ status: 401, message: expect.stringContaining('key') });
  });

  test('other paths stay as they are', async () => {
    expect(await ask('/v2/rerank/more', {})).toMatchObject({ status: 404 });
    expect(await ask('/v2/embeddings', {})).toMatchObject({ status: 404 });
  });

  test.each(['rerank-v3.5', 'rerank-english-v3.0', 'cohere/rerank-v3.5'])(
    'Cohere’s own name %s',
    async (model) => {
      const answer = await ask('/v2/rerank', { model, query, documents });
      expect(answer).toMatchObject({ status: 200, model });
      expect(answer.headers.get('x-gateway-model')).toBe(cohere);
    },
  );

  test('GET /v1/models lists it with its route', async () => {
    const response = await stack.get('/models', { authorization: 'Bearer sk-canary-all' });
    const { data } = (await response.json()) as { data: { id: string; endpoints: string[] }[] };
    expect(data.find(({ id }) => id === cohere)?.endpoints).toEqual(['/v1/rerank']);
  });
});

describe('where the model is called', () => {
  const cases: [string, Record<string, string>, string, string][] = [
    ['at home where it is there', { AWS_REGION: 'eu-central-1' }, cohere, 'eu-central-1'],
    ['in the geography of home', { AWS_REGION: 'eu-west-1' }, cohere, 'eu-central-1'],
    ['in it alone where that is the residency', geography('eu-west-3'), amazon, 'eu-central-1'],
    ['in the first region of the setting that has it', regions('eu-west-1,us-west-2'), cohere, 'us-west-2'],
    ['anywhere where the residency is global', { AWS_REGION: 'sa-east-1' }, cohere, 'us-east-1'],
    [
      'where the name says',
      { AWS_REGION: 'us-east-1' },
      `arn:aws:bedrock:us-west-2::foundation-model/${amazon}`,
      'us-west-2',
    ],
  ];
  test.each(cases)('R9 %s', async (_, env, model, region) => {
    const other = await startStack({ env });
    const { answer, calls } = await seen(
      () => ask('/v1/rerank', { model, query, documents }, other.apiKey, other),
      other,
    );
    await other.close();
    expect(answer.status).toBe(200);
    expect(runtimeCallsOf(calls)).toEqual([region]);
  });

  test.each([
    ['the home region', { AWS_REGION: 'eu-west-1', RESIDENCY: 'region' }],
    ['a geography without it', geography('sa-east-1')],
    ['regions without it', regions('eu-west-1')],
    ['a partition without it', { AWS_REGION: 'us-gov-west-1' }],
  ])('R9 what is bound to %s cannot go there: a 400 that says so', async (_, env) => {
    const other = await startStack({ env });
    const { answer, calls } = await seen(
      () => ask('/v1/rerank', { model: cohere, query, documents }, other.apiKey, other),
      other,
    );
    await other.close();
    expect(answer).toMatchObject({ status: 400, error: { code: 'model_not_supported', param: 'model' } });
    expect(answer.message).toContain('eu-central-1');
    expect(runtimeCallsOf(calls)).toEqual([]);
  });

  test('a busy region is left for another of the setting that has it', async () => {
    const other = await startStack({
      env: { GATEWAY_REGIONS: 'us-west-2,us-east-2,eu-central-1', AWS_MAX_ATTEMPTS: '1' },
    });
    const busy = { model: cohere, query: '[[throttle@us-west-2]] capital', documents };
    const { answer, calls } = await seen(() => ask('/v1/rerank', busy, other.apiKey, other), other);
    await other.close();
    expect(answer.status).toBe(200);
    expect(runtimeCallsOf(calls)).toEqual(['us-west-2', 'eu-central-1']);
  });
});

function geography(region: string) {
  return { AWS_REGION: region, RESIDENCY: 'geography' };
}
function regions(list: string) {
  return { GATEWAY_REGIONS: list };
}
const runtimeCallsOf = (calls: Stack['simulator']['calls']) =>
  calls.filter(({ path }) => path.startsWith('/model/')).map(({ region }) => region);

describe('keys', () => {
  test('a scope is judged by the model that is called, by whatever name', async () => {
    const mine = await ask('/v2/rerank', { model: 'rerank-v3.5', query, documents }, 'sk-canary-cohere');
    expect(mine.status).toBe(200);
    const other = await ask('/v2/rerank', { model: amazon, query, documents: [] }, 'sk-canary-cohere');
    expect(other).toMatchObject({ status: 403, error: { code: 'model_not_allowed' } });
  });

  test('R11 an enforced guardrail looks at the query and at every document before any of it is sent', async () => {
    const clean = await seen(() =>
      ask('/v1/rerank', { model: cohere, query, documents }, 'sk-canary-guarded'),
    );
    expect(clean.answer.status).toBe(200);
    expect(clean.calls.map(({ operation }) => operation)).toEqual([
      ...Array(4).fill('ApplyGuardrail'),
      'InvokeModel',
    ]);
  });

  test.each([
    ['query', { query: 'a forbidden word', documents }],
    ['documents[2]', { query, documents: ['a', 'b', 'the forbidden one'] }],
    ['documents[0]', { query, documents: [{ title: 'forbidden' }] }],
  ])('R11 what it blocks in %s is a 400, and nothing is sent', async (param, body) => {
    const { answer, calls } = await seen(() =>
      ask('/v1/rerank', { model: cohere, ...body }, 'sk-canary-guarded'),
    );
    expect(answer).toMatchObject({ status: 400, error: { code: 'content_filter', param } });
    expect(runtimeCallsOf(calls)).toEqual([]);
  });

  test('R11 what it masks is ranked as it was masked, and said', async () => {
    const body = { model: cohere, query, documents: ['a confidential France', 'b'] };
    const { answer, calls } = await seen(() => ask('/v1/rerank', body, 'sk-canary-guarded'));
    expect(answer.headers.get('x-gateway-warnings')).toBe('the guardrail masked parts of documents[0]');
    expect(calls.at(-1)?.body).toMatchObject({ documents: ['a {NAME} France', 'b'] });
  });

  test('R11 the guardrail is asked where it is, the model where that is', async () => {
    const other = await startStack({
      env: { AWS_REGION: 'eu-west-1', GUARDRAIL: JSON.stringify(guardrail) },
      simulator: { region: 'eu-west-1' },
    });
    const { answer, calls } = await seen(
      () => ask('/v1/rerank', { model: cohere, query, documents: ['a'] }, other.apiKey, other),
      other,
    );
    await other.close();
    expect(answer.status).toBe(200);
    expect(calls.map(({ operation, region }) => `${operation} ${region}`)).toEqual([
      'ApplyGuardrail eu-west-1',
      'ApplyGuardrail eu-west-1',
      'InvokeModel eu-central-1',
    ]);
  });
});
