import type { InferenceConfig } from '../canonical/types.ts';
import { field, note } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { addExtra, extraObject, setExtra } from './extra-fields.ts';
import { ignore, warn } from './notes.ts';
import { novaThinksHard, thinks } from './reasoning/thinking.ts';
import type { Draft, FitStep } from './types.ts';

/** temperature, top_p and top_k. Runs after `fitReasoning`: thinking narrows what Claude takes. */
export const fitSampling: FitStep = (draft, capabilities) => {
  const config: InferenceConfig = { ...draft.request.inferenceConfig };
  if (capabilities.refusesSampling || novaThinksHard(draft.request)) {
    drop(draft, config, 'temperature');
    drop(draft, config, 'topP');
  } else {
    clampTemperature(draft, config);
    if (thinks(draft.request)) whileThinking(draft, config);
    if (capabilities.temperatureXorTopP) keepOne(draft, config);
  }
  draft.request.inferenceConfig = config;
  placeTopK(draft, capabilities);
};

/** Claude's default for both is 1, as OpenAI's: no one needs to hear that it was left out. Nova 2's are lower. */
function drop(draft: Draft, config: InferenceConfig, key: 'temperature' | 'topP'): void {
  const usual = config[key] === 1 && !novaThinksHard(draft.request);
  const isHint = key === 'temperature' && draft.intent.temperatureIsHint === true;
  if (config[key] !== undefined && !usual && !isHint) ignore(draft, key);
  delete config[key];
}

/** OpenAI allows temperatures up to 2, Converse up to 1. */
function clampTemperature(draft: Draft, config: InferenceConfig): void {
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
function whileThinking(draft: Draft, config: InferenceConfig): void {
  if (config.temperature !== 1) drop(draft, config, 'temperature');
  if (config.topP !== undefined && config.topP < 0.95) drop(draft, config, 'topP');
}

/**
 * "`temperature` and `top_p` cannot both be specified for this model." Clients that always send both
 * (Copilot CLI 0 / 0.95, LlamaIndex 0.1 / 1) mean the temperature, unless it is the neutral one.
 */
function keepOne(draft: Draft, config: InferenceConfig): void {
  if (config.temperature === undefined || config.topP === undefined) return;
  const isNeutral = config.temperature === 1 && config.topP !== 1;
  drop(draft, config, draft.intent.temperatureIsHint || isNeutral ? 'temperature' : 'topP');
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
