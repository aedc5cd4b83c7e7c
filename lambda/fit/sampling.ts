import type { InferenceConfig } from '../canonical/types.ts';
import { field, note } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { addExtra, extraObject, setExtra } from './extra-fields.ts';
import { ignore, type Notes, warn } from './notes.ts';
import { novaThinksHard, thinks } from './reasoning/thinking.ts';
import type { Draft, FitStep } from './types.ts';

/** temperature, top_p and top_k. Runs after `fitReasoning`: thinking narrows what Claude takes. */
export const fitSampling: FitStep = (draft, capabilities) => {
  const { request } = draft;
  const mood: Mood = { thinks: thinks(request), hard: novaThinksHard(request) };
  request.inferenceConfig = sampled(draft, { ...request.inferenceConfig }, mood, capabilities);
  placeTopK(draft, capabilities);
};

/** How a model answers the request. */
interface Mood {
  thinks: boolean;
  /** At the highest effort of Nova's, whose defaults are not neutral. */
  hard?: boolean;
}

/** temperature and topP as the model takes them; changes `config`. */
export function sampled(
  draft: Notes,
  config: InferenceConfig,
  { thinks, hard = false }: Mood,
  capabilities: Pick<Capabilities, 'refusesSampling' | 'temperatureXorTopP'>,
): InferenceConfig {
  if (capabilities.refusesSampling || hard) {
    drop(draft, config, 'temperature', hard);
    drop(draft, config, 'topP', hard);
    return config;
  }
  clampTemperature(draft, config);
  if (thinks) whileThinking(draft, config);
  if (capabilities.temperatureXorTopP) keepOne(draft, config);
  return config;
}

/** Claude's default for both is 1, as OpenAI's: no one needs to hear that it was left out. Nova 2's are lower. */
function drop(draft: Notes, config: InferenceConfig, key: 'temperature' | 'topP', hard = false): void {
  const usual = config[key] === 1 && !hard;
  if (config[key] !== undefined && !usual) ignore(draft, key);
  delete config[key];
}

/** OpenAI allows temperatures up to 2, Converse up to 1. */
function clampTemperature(draft: Notes, config: InferenceConfig): void {
  if (config.temperature === undefined || config.temperature <= 1) return;
  warn(
    draft,
    note`${field('temperature')} ${config.temperature} lowered to 1 which is the most Bedrock takes`,
  );
  config.temperature = 1;
}

/**
 * "`temperature` may only be set to 1 when thinking is enabled", "`top_p` must be greater than or equal to
 * 0.95 or unset when thinking is enabled".
 */
function whileThinking(draft: Notes, config: InferenceConfig): void {
  if (config.temperature !== 1) drop(draft, config, 'temperature');
  if (config.topP !== undefined && config.topP < 0.95) drop(draft, config, 'topP');
}

/**
 * "`temperature` and `top_p` cannot both be specified for this model." Clients that always send both
 * (Copilot CLI 0 / 0.95, LlamaIndex 0.1 / 1) mean the temperature, unless it is the neutral one.
 */
function keepOne(draft: Notes, config: InferenceConfig): void {
  if (config.temperature === undefined || config.topP === undefined) return;
  drop(draft, config, config.temperature === 1 && config.topP !== 1 ? 'temperature' : 'topP');
}

/** Nova's (https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html, aws-samples/bedrock-chat#645). */
const mostTopK = 128;

/** Bedrock answers 400 to a key that a family does not know, so top_k goes only where it is known. */
function placeTopK(draft: Draft, capabilities: Capabilities): void {
  const { topK } = draft.intent;
  if (topK === undefined) return;
  const key = capabilities.topK;
  if (key === undefined || thinks(draft.request) || novaThinksHard(draft.request)) ignore(draft, 'topK');
  else if (key === 'inferenceConfig.topK') {
    if (topK > mostTopK)
      warn(draft, note`${field('topK')} ${topK} lowered to ${mostTopK} which is the most this model takes`);
    const fields = extraObject(draft.request, 'inferenceConfig');
    setExtra(draft, 'inferenceConfig', { topK: Math.min(topK, mostTopK), ...fields });
  } else addExtra(draft, key, topK);
}
