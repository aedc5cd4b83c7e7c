import { afterEach, describe, expect, test } from 'vitest';
import { spell } from '../../../../lambda/apis/embeddings/parameters.ts';
import { createEmbed } from '../../../../lambda/backends/embed/embed.ts';
import type { BedrockClients } from '../../../../lambda/bedrock/clients.ts';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { type EmbeddingIntent, fitEmbedding } from '../../../../lambda/fit/embeddings.ts';
import { embeddingFamilies, embeddingFamilyOf } from '../../../../lambda/models/embeddings/families.ts';
import { goldenCases } from '../../../support/golden.ts';
import { call, fakeBedrock, readBody, sendJson, testClients } from '../fake-bedrock.ts';

interface Case {
  note: string;
  model: string;
  texts: string[];
  intent: EmbeddingIntent;
  sent: JsonObject;
  headers: Record<string, string>;
  body: JsonObject;
  vectors: number[][];
  inputTokens?: number;
  ignored?: string[];
  error?: { param: string; says: string };
}

let server: Awaited<ReturnType<typeof fakeBedrock>> | undefined;
/** What fails, as the client reads it. */
function inWords<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof GatewayError ? error.spelled(spell) : error;
  }
}

let clients: BedrockClients | undefined;

afterEach(async () => {
  clients?.close();
  await server?.close();
});

async function exchange(
  model: string,
  texts: string[],
  intent: EmbeddingIntent,
  body: unknown,
  headers = {},
) {
  let sent: unknown;
  server = await fakeBedrock(async (request, response) => {
    sent = { url: request.url, body: JSON.parse(await readBody(request)), headers: request.headers };
    sendJson(response, 200, body, headers);
  });
  clients = testClients(server.url);
  const family = embeddingFamilyOf(model);
  if (!family) throw new Error(`no family: ${model}`);
  const fitted = fitEmbedding(intent, family);
  const { target, signal } = call();
  const answer = createEmbed(clients)({
    target: { ...target, id: model },
    format: family.format,
    texts,
    options: fitted.options,
    signal,
    requestMetadata: { team: 'search' },
  });
  return { answer, fitted, sent: () => sent };
}

describe('what is sent to each family and read from its answer', () => {
  for (const { name, case: golden } of goldenCases<Case>('embeddings/exchanges')) {
    test(name, async () => {
      const { model, texts, intent, error } = golden;
      if (error) {
        const family = embeddingFamilyOf(model);
        expect(() => family && inWords(() => fitEmbedding(intent, family))).toThrow(
          expect.objectContaining({
            status: 400,
            param: error.param,
            message: expect.stringContaining(error.says),
          }),
        );
        return;
      }
      const { answer, fitted, sent } = await exchange(model, texts, intent, golden.body, golden.headers);
      const { inputTokens } = golden;
      expect(await answer).toEqual({
        vectors: golden.vectors,
        requestId: 'request-1',
        ...(inputTokens !== undefined && { inputTokens }),
      });
      expect(sent()).toMatchObject({
        url: `/model/${encodeURIComponent(model)}/invoke`,
        headers: { 'x-amzn-bedrock-request-metadata': '{"team":"search"}' },
      });
      expect((sent() as { body: unknown }).body).toEqual(golden.sent);
      expect(fitted.ignored.map((name) => name.spelled(spell))).toEqual(golden.ignored ?? []);
    });
  }
});

test('there is a family for each format', () => {
  expect(new Set(embeddingFamilies.map(({ format }) => format)).size).toBe(embeddingFamilies.length);
});

test.each([
  'amazon.nova-lite-v1:0',
  'cohere.command-r-v1:0',
  'twelvelabs.pegasus-1-2-v1:0',
  'anthropic.claude-haiku-5-5',
])('%s makes no embeddings', (model) => {
  expect(embeddingFamilyOf(model)).toBeUndefined();
});

test.each([
  ['nothing', {}],
  ['no JSON object', 'text'],
  ['fewer vectors than texts', { embeddings: [[1]] }],
  ['a vector of nothing', { embeddings: [[1], []] }],
  ['what is no number', { embeddings: [[1], [1, null]] }],
  ['words', { embeddings: { float: [[1], 'AAAA'] } }],
  ['null for a vector', { embeddings: [[1], null] }],
])('an answer with %s is a 502', async (_, body) => {
  const { answer } = await exchange('cohere.embed-english-v3', ['a', 'b'], {}, body);
  // It has been paid for: that is counted, and it is not asked for again by itself.
  await expect(answer).rejects.toMatchObject({ status: 502, reason: 'model_error', mayHaveRun: true });
});

test('so is one that is no JSON', async () => {
  server = await fakeBedrock((_, response) => response.end('oops'));
  clients = testClients(server.url);
  const { target, signal } = call();
  const answer = createEmbed(clients)({ target, format: 'nova', texts: ['a'], options: {}, signal });
  await expect(answer).rejects.toMatchObject({ status: 502 });
});
