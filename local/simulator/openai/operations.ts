import type { IncomingHttpHeaders } from 'node:http';
import { invalid } from '../errors.ts';
import type { Call, Reply } from '../operation.ts';
import { halfPairRefusal } from '../rules/whole-text.ts';
import type { World } from '../world.ts';
import { chatCompletions } from './chat/chat.ts';
import { type Api, findServed } from './models.ts';
import { createResponse } from './responses/responses.ts';
import { cancelResponse, deleteResponse, getResponse } from './responses/stored.ts';

/** One call of OpenAI's paths. */
export interface OpenAiCall {
  /** The part of the path that stands for an id. */
  id: string;
  body: unknown;
  headers: IncomingHttpHeaders;
  region: string;
  world: World;
}

export interface OpenAiOperation {
  name: string;
  method: string;
  path: RegExp;
  /** What a caller has to be allowed; of Responses on the account's default project besides. */
  action: string;
  ofProject?: true;
  run(call: OpenAiCall): Reply;
}

const create =
  (operation: Api, run: (call: Call) => Reply) =>
  ({ body, headers, region, world }: OpenAiCall): Reply => {
    const modelId = modelIn(body);
    const half = halfPairRefusal(body);
    if (half !== undefined) throw invalid(half);
    const model = findServed(modelId, operation, region, world);
    return run({ operation, modelId, model, body, headers, region, world });
  };

function modelIn(body: unknown): string {
  const { model } = Object(body) as { model?: unknown };
  if (model === undefined || model === null) throw invalid(`Missing required parameter: 'model'.`);
  if (typeof model !== 'string') throw invalid(`Invalid type for 'model': expected a string.`);
  return model;
}

const responses = '/openai/v1/responses';

/** https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html: there is no list of models. */
export const openAiOperations: readonly OpenAiOperation[] = [
  {
    name: 'ChatCompletions',
    method: 'POST',
    path: /^\/openai\/v1\/chat\/completions$/,
    action: 'bedrock:InvokeModel',
    run: create('chat-completions', chatCompletions),
  },
  {
    name: 'CreateResponse',
    method: 'POST',
    path: new RegExp(`^${responses}$`),
    action: 'bedrock:InvokeModel',
    ofProject: true,
    run: create('responses', createResponse),
  },
  {
    name: 'GetResponse',
    method: 'GET',
    path: new RegExp(`^${responses}/([^/]+)$`),
    action: 'bedrock:GetInvoke',
    ofProject: true,
    run: getResponse,
  },
  {
    name: 'DeleteResponse',
    method: 'DELETE',
    path: new RegExp(`^${responses}/([^/]+)$`),
    action: 'bedrock:DeleteInvoke',
    ofProject: true,
    run: deleteResponse,
  },
  {
    name: 'CancelResponse',
    method: 'POST',
    path: new RegExp(`^${responses}/([^/]+)/cancel$`),
    action: 'bedrock:CancelInvoke',
    ofProject: true,
    run: cancelResponse,
  },
];
