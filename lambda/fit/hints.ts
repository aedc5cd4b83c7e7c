import type { Capabilities } from '../models/capabilities.ts';
import { novaThinksHard, thinks } from './reasoning/thinking.ts';
import type { Draft, FitStep } from './types.ts';

/**
 * What the gateway itself wishes for the calls of a technique, and no client has asked for: it is given up or changed
 * without a word.
 */
export const fitHints: FitStep = (draft, capabilities) => {
  const { temperatureIsHint, thinkingRoom } = draft.intent;
  const config = { ...draft.request.inferenceConfig };
  if (temperatureIsHint && !takesTemperature(draft, capabilities)) delete config.temperature;
  if (thinkingRoom !== undefined && config.maxTokens !== undefined) {
    const wanted = config.maxTokens + (alwaysThinks(capabilities) ? thinkingRoom : 0);
    config.maxTokens = Math.min(wanted, capabilities.maxOutputTokens ?? wanted);
  }
  draft.request.inferenceConfig = config;
};

function takesTemperature({ request }: Draft, capabilities: Capabilities): boolean {
  const { temperature, topP } = request.inferenceConfig ?? {};
  if (capabilities.refusesSampling || novaThinksHard(request)) return false;
  if (thinks(request) && temperature !== 1) return false;
  return !capabilities.temperatureXorTopP || topP === undefined;
}

function alwaysThinks({ reasoning }: Capabilities): boolean {
  if (reasoning.kind === 'adaptive') return !reasoning.canDisable || reasoning.disableHasNoEffect === true;
  return reasoning.kind === 'effort' && !reasoning.canDisable && !reasoning.values.includes('none');
}
