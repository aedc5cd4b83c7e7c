import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sha256 } from '../../../lambda/bedrock/sha256.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';

/** The simulator as bedrock-mantle: its calls are known by what they are signed for. */

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function ask(path: string, body?: object, service = 'bedrock-mantle') {
  const { hostname, port } = new URL(simulator.url);
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 's' };
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials, sha256: Sha256 });
  const text = body && Buffer.from(JSON.stringify(body));
  const request = new HttpRequest({ method: body ? 'POST' : 'GET', protocol: 'http:', hostname, port: Number(port), path, headers: { host: `${hostname}:${port}`, 'content-type': 'application/json' }, body: text }); // biome-ignore format: one line
  const { headers } = await signer.sign(request);
  const response = await fetch(`${simulator.url}${path}`, { method: request.method, headers, ...(text && { body: text }) }); // biome-ignore format: one line
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered is looked into.
  const json: any = await response.json();
  return { status: response.status, json };
}

const chat = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hi' }],
  ...more,
});

test('lists its models, by ids of its own', async () => {
  const { json } = await ask('/v1/models');
  expect(json.data.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(['zai.glm-4.6', 'qwen.qwen3-32b'])); // biome-ignore format: one line
});

test.each<[string, string, object, number, RegExp | undefined]>([
  ['a model at its path', '/v1/chat/completions', chat('zai.glm-4.6'), 200, undefined],
  ['a model below OpenAI’s', '/openai/v1/chat/completions', chat('xai.grok-4.3'), 200, undefined],
  ['Responses', '/v1/responses', { model: 'openai.gpt-oss-20b', input: 'Hi' }, 200, undefined],
  ['a model at the other path', '/openai/v1/chat/completions', chat('zai.glm-4.6'), 400, /does not support the '\/openai\/v1\/chat\/completions' API/],
  ['a model without the API', '/v1/responses', { model: 'zai.glm-4.6', input: 'Hi' }, 400, /does not support the '\/v1\/responses' API/],
  ['an id of the runtime', '/v1/chat/completions', chat('qwen.qwen3-32b-v1:0'), 404, /The model 'qwen.qwen3-32b-v1:0' does not exist/],
  ['a member that nobody knows', '/v1/chat/completions', chat('zai.glm-4.6', { foo: 1 }), 400, /Unknown parameter: 'foo'/],
  ['a tier', '/v1/chat/completions', chat('zai.glm-4.6', { service_tier: 'flex' }), 400, /Invalid value: 'flex'/],
  ['tools in an item', '/v1/responses', { model: 'openai.gpt-oss-20b', input: [{ type: 'additional_tools', role: 'developer', tools: [] }] }, 400, /additional_tools/],
  ['a path of the runtime', '/model/zai.glm-4.6/converse', chat('zai.glm-4.6'), 404, /Not Found/],
])('%s', async (_, path, body, status, message) => {
  const answered = await ask(path, body);
  expect([answered.status, answered.json.error?.message]).toEqual([status, message && expect.stringMatching(message)]);
}); // biome-ignore format: a table

test('the runtime knows none of its ids and paths', async () => {
  expect((await ask('/openai/v1/chat/completions', chat('zai.glm-4.6'), 'bedrock')).status).toBe(400);
  expect((await ask('/v1/chat/completions', chat('zai.glm-4.6'), 'bedrock')).json.Output.__type).toMatch(/UnknownOperation/); // biome-ignore format: one line
});
