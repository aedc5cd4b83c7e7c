import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../../lambda/apis/responses/request.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../../support/fit.ts';
import { stateKey } from '../../../support/responses.ts';
import { type ResponsesBody, readCapture, responsesCaptures } from '../../../support/responses-captures.ts';
import { refusal } from '../../../support/simulated-models.ts';

const models = [
  'anthropic.claude-sonnet-5-5',
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'amazon.nova-pro-v1:0',
  'amazon.nova-2-lite-v1:0',
  'qwen.qwen3-32b-v1:0',
  'openai.gpt-oss-120b-1:0',
  'meta.llama3-3-70b-instruct-v1:0',
  'mistral.mistral-large-2402-v1:0',
];

const posts = responsesCaptures.filter((name) => {
  const { method, path, body } = readCapture(name);
  return method === 'POST' && path === '/v1/responses' && body;
});

/** What needs a store, or a prompt of OpenAI's. */
const refused: Readonly<Record<string, number>> = {
  'agents-js/responses-previous-id': 400,
  'ai-sdk/responses-gpt-turn3': 404,
  'ai-sdk/responses-previous-id': 400,
  'ai-sdk/responses-turn2': 404,
  'ai-sdk/responses-turn3': 404,
  'openai-node/responses-background': 400,
  'openai-node/responses-conversation': 404,
  'openai-node/responses-hosted-tools': 400,
  'openai-node/responses-previous-id': 400,
};

/** Models that take no images refuse those of the user; of those in tool results they are sent a note. */
const withImages = [
  'ai-sdk/responses-media',
  'codex/responses-image-turn1',
  'openai-node/responses-stream-media',
];
const takesImages = (model: string) => capabilitiesOf(model).image;

/** 200 where the model takes what it would be sent, else its refusal; or the status of the gateway's own. */
function outcome(name: string, model: string): number | string {
  const body: ResponsesBody = { ...readCapture(name).body, model };
  try {
    const { canonical } = translateRequest(body, { stateKey, strict: false, fetched: new Map() });
    const { request, streamable } = fitTo(canonical, capabilitiesOf(model));
    return refusal(model, request, Boolean(body.stream) && streamable) ?? 200;
  } catch (error) {
    if (error instanceof GatewayError) return error.status;
    throw error;
  }
}

describe('R81 what real clients sent is taken by every model', () => {
  test('there are requests of each client', () => {
    expect(posts.length).toBeGreaterThan(70);
    expect(Object.keys(refused).filter((name) => !posts.includes(name))).toEqual([]);
  });

  test.each(posts)('%s', (name) => {
    const wanted = (model: string) =>
      refused[name] ?? (withImages.includes(name) && !takesImages(model) ? 400 : 200);
    expect(models.map((model) => [model, outcome(name, model)])).toEqual(
      models.map((model) => [model, wanted(model)]),
    );
  });
});
