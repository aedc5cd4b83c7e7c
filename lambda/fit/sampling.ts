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
  const mood: Mood = {
    thinks: thinks(request),
    hard: novaThinksHard(request),
    isHint: draft.intent.temperatureIsHint === true,
  };
  request.inferenceConfig = sampled(draft, { ...request.inferenceConfig }, mood, capabilities);
  placeTopK(draft, capabilities);
};

/** How a model answers the request. */
interface Mood {
  thinks: boolean;
  /** At the highest effort of Nova's, whose defaults are not neutral. */
  hard?: boolean;
  /** The temperature is no wish of the client's: it is left out without a word. */
  isHint?: boolean;
}

/** temperature and topP as the model takes them; changes `config`. */
export function sampled(
  draft: Notes,
  config: InferenceConfig,
  mood: Mood,
  capabilities: Pick<Capabilities, 'refusesSampling' | 'temperatureXorTopP'>,
): InferenceConfig {
  if (capabilities.refusesSampling || mood.hard) {
    drop(draft, config, 'temperature', mood);
    drop(draft, config, 'topP', mood);
    return config;
  }
  clampTemperature(draft, config);
  if (mood.thinks) whileThinking(draft, config, mood);
  if (capabilities.temperatureXorTopP) keepOne(draft, config, mood);
  return config;
}

/** Claude's default for both is 1, as OpenAI's: no one needs to hear that it was left out. Nova 2's are lower. */
function drop(
  draft: Notes,
  config: InferenceConfig,
  key: 'temperature' | 'topP',
  { hard, isHint }: Mood,
): void {
  const isUsual = config[key] === 1 && !hard;
  const isWish = key === 'temperature' && isHint;
  if (config[key] !== undefined && !isUsual && !isWish) ignore(draft, key);
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
function whileThinking(draft: Notes, config: InferenceConfig, mood: Mood): void {
  if (config.temperature !== 1) drop(draft, config, 'temperature', mood);
  if (config.topP !== undefined && config.topP < 0.95) drop(draft, config, 'topP', mood);
}

/**
 * "`temperature` and `top_p` cannot both be specified for this model." Clients that always send both
 * (Copilot CLI 0 / 0.95, LlamaIndex 0.1 / 1) mean the temperature, unless it is the neutral one.
 */
function keepOne(draft: Notes, config: InferenceConfig, mood: Mood): void {
  if (config.temperature === undefined || config.topP === undefined) return;
  const isNeutral = config.temperature === 1 && config.topP !== 1;
  drop(draft, config, mood.isHint || isNeutral ? 'temperature' : 'topP', mood);
}

/** Bedrock answers 400 to a key that a family does not know, so top_k goes only where it is known. */
function placeTopK(draft: Draft, capabilities: Capabilities): void {
  const { topK } = draft.intent;
  if (topK === undefined) return;
  const key = capabilities.topK;
  if (key === undefined || thinks(draft.request) || novaThinksHard(draft.request)) ignore(draft, 'topK');
  else if (key === 'inferenceConfig.topK') {
    setExtra(draft, 'inferenceConfig', { topK, ...extraObject(draft.request, 'inferenceConfig') });
  } else addExtra(draft, key, topK);
}
