import { invalid, invalidIdentifier } from '../errors.ts';
import { findModel } from '../models/find.ts';
import type { SimulatedModel } from '../models/model.ts';
import type { World } from '../world.ts';

export type Api = 'chat-completions' | 'responses';

/**
 * Which foundation models have which path on the runtime endpoint: AWS's page “models-api-compatibility” of October
 * 2026, BerriAI/litellm 1.110.2 for what has come since. Nobody else has either; Claude has a path of its own.
 */
const served: Record<Api, readonly RegExp[]> = {
  'chat-completions': [
    /^openai\.gpt-(5\.[6-9]|[6-9]|oss-)/,
    /^xai\.grok-4\.[6-9]/,
    /^(moonshotai|zai|qwen|minimax|nvidia)\./,
    /^deepseek\.v3/,
    /^mistral\.(mistral-large-3|ministral-3|magistral|devstral|voxtral)/,
    /^google\.gemma-3/,
    /^writer\.palmyra-vision/,
    /^simulator\./,
  ],
  responses: [/^openai\.gpt-[5-9]/, /^moonshotai\.kimi-k3/, /^simulator\./],
};

const paths: Record<Api, string> = {
  'chat-completions': '/openai/v1/chat/completions',
  responses: '/openai/v1/responses',
};

/**
 * The model that a body names: by the id of a foundation model or of a system-defined profile, as everywhere, and by
 * no ARN. Throws BedrockError.
 */
export function findServed(modelId: string, api: Api, region: string, world: World): SimulatedModel {
  if (/^arn:[^:]*:bedrock:[^/]*:application-inference-profile\//.test(modelId))
    throw invalid('Application inference profiles are not supported by this API.');
  if (modelId.startsWith('arn:')) throw invalidIdentifier();
  const model = findModel(modelId, region, world);
  if (!served[api].some((pattern) => pattern.test(model.id)))
    throw invalid(`The model '${modelId}' does not support the '${paths[api]}' API.`);
  return model;
}

/** OpenAI's own models, which reason unseen and are particular about what goes with that. */
export const isGpt = ({ family }: SimulatedModel): boolean => family.thinking.kind === 'encrypted';
export const isGptOss = ({ id }: SimulatedModel): boolean => id.startsWith('openai.gpt-oss');
export const isGrok = ({ id }: SimulatedModel): boolean => id.startsWith('xai.');
export const isKimi3 = ({ id }: SimulatedModel): boolean => id.startsWith('moonshotai.kimi-k3');

/** The efforts that a model takes; undefined where any will do. */
export function effortsOf({ family: { thinking } }: SimulatedModel): readonly string[] | undefined {
  if (thinking.kind === 'encrypted') return thinking.values;
  // Qwen's values are those of a field of its own; this one all open weights take (live probe of August 2026).
  const hasOwn =
    thinking.kind === 'effort' && thinking.key === 'reasoning_effort' && thinking.values.length > 0;
  return hasOwn ? thinking.values : undefined;
}
