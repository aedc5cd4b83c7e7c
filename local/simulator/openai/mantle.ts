import type { IncomingHttpHeaders } from 'node:http';
import { BedrockError, invalid } from '../errors.ts';
import { familyOf } from '../models/families.ts';
import type { SimulatedModel } from '../models/model.ts';
import type { Call, Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { halfPairRefusal } from '../rules/whole-text.ts';
import { chatCompletions } from './chat/chat.ts';
import type { Api } from './models.ts';
import type { OpenAiCall, OpenAiOperation } from './operations.ts';
import { createResponse } from './responses/responses.ts';
import { notOneOf } from './shape/check.ts';

/**
 * Bedrock's other endpoint, bedrock-mantle, which has models and spellings of its own (an account's list of 27 October
 * 2026), no guardrails, and for some makers another path: of AWS's page on endpoints, October 2026, and
 * BerriAI/litellm 1.110.2. On the one port of the simulator its calls are known by what they are signed for.
 */
const models: Readonly<Record<string, readonly Api[]>> = {
  'deepseek.v3.1': ['chat-completions'],
  'google.gemma-4-26b-a4b': ['chat-completions', 'responses'],
  'google.gemma-4-31b': ['chat-completions', 'responses'],
  'google.gemma-4-e2b': ['chat-completions', 'responses'],
  'moonshotai.kimi-k2-thinking': ['chat-completions'],
  'openai.gpt-5.4-2026-03-05': ['chat-completions', 'responses'],
  'openai.gpt-5.5-2026-04-23': ['chat-completions', 'responses'],
  'openai.gpt-oss-20b': ['chat-completions', 'responses'],
  'openai.gpt-oss-120b': ['chat-completions', 'responses'],
  'qwen.qwen3-32b': ['chat-completions'],
  'qwen.qwen3-235b-a22b-2507': ['chat-completions'],
  'qwen.qwen3-coder-30b-a3b-instruct': ['chat-completions'],
  'qwen.qwen3-coder-480b-a35b-instruct': ['chat-completions'],
  'qwen.qwen3-next-80b-a3b-instruct': ['chat-completions'],
  'qwen.qwen3-vl-235b-a22b-instruct': ['chat-completions'],
  'xai.grok-4.3': ['chat-completions', 'responses'],
  'zai.glm-4.6': ['chat-completions'],
};

/** Makers whose models are found below OpenAI's own path. */
const isUnderOpenAi = (id: string): boolean => /^(openai\.gpt-5|google\.gemma-4|xai\.)/.test(id);

function find(given: unknown, api: Api, path: string): SimulatedModel {
  if (given === undefined || given === null) throw invalid(`Missing required parameter: 'model'.`);
  const id = String(given);
  const apis = Object.hasOwn(models, id) ? models[id] : undefined;
  if (!apis) throw new BedrockError('ResourceNotFoundException', `The model '${id}' does not exist`);
  if (!apis.includes(api) || path.startsWith('/openai/') !== isUnderOpenAi(id))
    throw invalid(`The model '${id}' does not support the '${path}' API`);
  const family = familyOf(id);
  const { contextTokens, maxOutputTokens } = family;
  return {
    id,
    kind: 'foundation',
    family,
    contextTokens,
    maxOutputTokens,
    embeds: false,
    ranks: false,
    coldStarts: 0,
  };
}

const create =
  (operation: Api, path: string, run: (call: Call) => Reply) =>
  ({ body, headers, region, world }: OpenAiCall): Reply => {
    const { model: modelId } = Object(body) as { model?: unknown };
    const half = halfPairRefusal(body);
    if (half !== undefined) throw invalid(half);
    const model = find(modelId, operation, path);
    checkBody(body);
    const call: Call = { operation, modelId: model.id, model, body, headers: plain(headers), region, world };
    return run({ ...call, endpoint: 'mantle' });
  };

/** Headers that ask for a guardrail are passed over. */
const plain = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-amzn-bedrock-')));

/** What it takes less than the runtime does. */
function checkBody(body: unknown): void {
  const { service_tier: tier, input } = Object(body) as { service_tier?: unknown; input?: unknown };
  if (typeof tier === 'string' && !['auto', 'default'].includes(tier))
    throw notOneOf(tier, ['auto', 'default']);
  const items = Array.isArray(input) ? input : [];
  if (items.some((item) => Object(item).type === 'additional_tools'))
    throw invalid(`Invalid value: 'additional_tools'. It is not supported as the type of an input item.`);
}

const operation = (name: string, api: Api, path: string, run: (call: Call) => Reply): OpenAiOperation => ({
  name,
  method: 'POST',
  path: new RegExp(`^${path}$`),
  action: 'bedrock-mantle:CreateInference',
  ofProject: true,
  run: create(api, path, run),
});

export const mantleOperations: readonly OpenAiOperation[] = [
  ...['/v1', '/openai/v1'].flatMap((root) => [
    operation('MantleChatCompletions', 'chat-completions', `${root}/chat/completions`, chatCompletions),
    operation('MantleCreateResponse', 'responses', `${root}/responses`, createResponse),
  ]),
  {
    name: 'MantleListModels',
    method: 'GET',
    path: /^\/v1\/models$/,
    action: 'bedrock-mantle:ListModels',
    ofProject: true,
    run: () =>
      jsonReply({
        object: 'list',
        data: Object.keys(models).map((id) => ({
          id,
          object: 'model',
          owned_by: 'system',
          status: 'available',
        })),
      }),
  },
];
