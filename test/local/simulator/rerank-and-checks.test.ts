import {
  ApplyGuardrailCommand,
  InvokeGuardrailChecksCommand,
  type InvokeGuardrailChecksCommandInput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { post, runtime, signed } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const cohere = 'cohere.rerank-v3-5:0';
const amazon = 'amazon.rerank-v1:0';
const query = 'capital of France';
const documents = ['Bananas', 'Paris is the capital of France'];

async function rank(modelId: string, body: object, region = 'us-west-2') {
  const command = new InvokeModelCommand({ modelId, body: JSON.stringify(body) });
  const answer = await runtime(simulator, { region }).send(command);
  return JSON.parse(Buffer.from(answer.body).toString()) as {
    results: { index: number; relevance_score: number }[];
  };
}

describe('reranking models', () => {
  test.each([
    [cohere, { api_version: 2 }],
    [amazon, {}],
  ])('%s: the best first, no more than were asked for', async (modelId, more) => {
    const { results } = await rank(modelId, { query, documents, ...more });
    expect(results.map(({ index }) => index)).toEqual([1, 0]);
    const [first] = (await rank(modelId, { query, documents, top_n: 1, ...more })).results;
    expect(first).toEqual(results[0]);
  });

  test.each([
    [cohere, { query, documents }, '#: required key [api_version] not found'],
    [cohere, { query, documents, api_version: 1 }, '#/api_version: 1 is not greater or equal to 2'],
    [cohere, { query, documents, api_version: 2, rank_fields: [] }, 'extraneous key [rank_fields]'],
    [amazon, { query, documents, max_tokens_per_doc: 1 }, 'extraneous key [max_tokens_per_doc]'],
    [amazon, { query, documents, api_version: 2 }, 'extraneous key [api_version]'],
    [amazon, { documents }, 'required key [query] not found'],
    [amazon, { query: '', documents }, '#/query: expected minLength: 1, actual: 0'],
    [amazon, { query, documents: [] }, 'expected minimum item count: 1, found: 0'],
    [amazon, { query, documents: Array(1001).fill('a') }, 'expected maximum item count: 1000, found: 1001'],
    [
      amazon,
      { query, documents: [{ text: 'a' }] },
      '#/documents/0: expected type: String, found: JSONObject',
    ],
    [amazon, { query, documents, top_n: 0 }, '#/top_n: 0 is not greater or equal to 1'],
  ])('%s refuses %j', async (modelId, body, words) => {
    await expect(rank(modelId, body)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(words),
    });
  });

  test.each([
    [amazon, 'us-east-1'],
    [cohere, 'eu-west-1'],
  ])('%s is not in %s', async (modelId, region) => {
    await expect(rank(modelId, { query, documents }, region)).rejects.toThrow(
      'The provided model identifier is invalid.',
    );
  });

  test('they do not stream', async () => {
    const command = new InvokeModelWithResponseStreamCommand({ modelId: cohere, body: '{}' });
    await expect(runtime(simulator).send(command)).rejects.toThrow('The model is unsupported for streaming.');
  });
});

const said = (text: string): InvokeGuardrailChecksCommandInput['messages'] => [
  { role: 'user', content: [{ text }] },
];
const all = {
  contentFilter: { categories: [{ category: 'HATE' }, { category: 'VIOLENCE' }] },
  promptAttack: { categories: [{ category: 'JAILBREAK' }] },
  sensitiveInformation: { entities: [{ type: 'PASSWORD' }] },
} as const satisfies InvokeGuardrailChecksCommandInput['checks'];

async function check(text: string, checks: InvokeGuardrailChecksCommandInput['checks'] = all) {
  const command = new InvokeGuardrailChecksCommand({ messages: said(text), checks });
  return runtime(simulator).send(command);
}

describe('guardrail checks', () => {
  test('say how severe each category is, where each entity stands, and what was used', async () => {
    const { results, usage } = await check('A hateful text. The password is hunter2 now.');
    expect(results).toEqual({
      contentFilter: {
        results: [
          { category: 'HATE', severityScore: 0.92 },
          { category: 'VIOLENCE', severityScore: 0.02 },
        ],
      },
      promptAttack: { results: [{ category: 'JAILBREAK', severityScore: 0.02 }] },
      sensitiveInformation: {
        results: [
          {
            type: 'PASSWORD',
            confidenceScore: 0.99,
            beginOffset: 32,
            endOffset: 39,
            messageIndex: 0,
            contentIndex: 0,
          },
        ],
        truncated: false,
      },
    });
    expect(usage).toMatchObject({ contentFilter: { textUnits: 1 }, promptAttack: { textUnits: 1 } });
  });

  test('only what is asked for is checked', async () => {
    const { results, usage } = await check('a hateful text', { promptAttack: all.promptAttack });
    expect(Object.keys(results ?? {})).toEqual(['promptAttack']);
    expect(Object.keys(usage ?? {})).toEqual(['promptAttack']);
  });

  test.each([
    ['no check', { messages: said('a'), checks: {} }, 'At least one'],
    ['an empty text', { messages: said(''), checks: all }, 'length greater than or equal to 1'],
    ['no messages', { messages: [], checks: all }, "at 'messages'"],
    [
      'another role',
      { messages: [{ role: 'tool', content: [{ text: 'a' }] }], checks: all },
      'enum value set: [user, assistant, system]',
    ],
    [
      'another category',
      { messages: said('a'), checks: { contentFilter: { categories: [{ category: 'SPAM' }] } } },
      'enum value set',
    ],
    ['no checks', { messages: said('a') }, "at 'checks'"],
  ])('refuse %s', async (_, body, words) => {
    const { response, bytes } = await post(simulator, '/guardrail-checks/invoke', body);
    expect(response.status).toBe(400);
    expect(bytes.toString()).toContain(words);
  });

  test('are not everywhere: the path is then one that the service does not know', async () => {
    const body = { messages: said('a'), checks: all };
    const { response, bytes } = await post(
      simulator,
      '/guardrail-checks/invoke',
      body,
      signed(Date.now(), { region: 'sa-east-1' }),
    );
    expect(response.status).toBe(200);
    expect(bytes.toString()).toContain('UnknownOperationException');
  });
});

describe('ApplyGuardrail with all that it assessed', () => {
  const apply = (text: string, outputScope?: 'FULL') =>
    runtime(simulator).send(
      new ApplyGuardrailCommand({
        guardrailIdentifier: 'abc123',
        guardrailVersion: '1',
        source: 'INPUT',
        content: [{ text: { text } }],
        ...(outputScope && { outputScope }),
      }),
    );

  test('tells each filter, also those that found nothing', async () => {
    const { assessments, action } = await apply('a violent text', 'FULL');
    expect(action).toBe('GUARDRAIL_INTERVENED');
    const filters = assessments?.[0]?.contentPolicy?.filters ?? [];
    expect(filters).toHaveLength(5);
    expect(filters.find(({ type }) => type === 'VIOLENCE')).toMatchObject({
      confidence: 'HIGH',
      action: 'BLOCKED',
    });
    expect(filters.find(({ type }) => type === 'HATE')).toMatchObject({
      confidence: 'NONE',
      action: 'NONE',
    });
  });

  test('and without it only those that intervene', async () => {
    expect((await apply('Hello')).assessments?.[0]?.contentPolicy).toBeUndefined();
    expect((await apply('a violent text')).assessments?.[0]?.contentPolicy?.filters).toHaveLength(1);
  });
});
