import type { InferenceConfig } from '../../canonical/types.ts';
import { ignore } from '../notes.ts';
import { sampled } from '../sampling.ts';
import type { NativeStep } from './draft.ts';
import { thinks } from './thinking.ts';

/** temperature, top_p and top_k, as on Converse. Runs after `fitThinking`: thinking narrows what Claude takes. */
export const fitSampling: NativeStep = (draft, capabilities) => {
  const { body } = draft;
  const config: InferenceConfig = {};
  if (typeof body.temperature === 'number') config.temperature = body.temperature;
  if (typeof body.top_p === 'number') config.topP = body.top_p;
  const { temperature, topP } = sampled(draft, config, { thinks: thinks(draft) }, capabilities);
  set('temperature', temperature);
  set('top_p', topP);
  if (body.top_k == null || (capabilities.topK && !thinks(draft))) return;
  delete body.top_k;
  ignore(draft, 'topK');

  function set(name: 'temperature' | 'top_p', value: number | undefined): void {
    if (value !== undefined) body[name] = value;
    else if (typeof body[name] === 'number') delete body[name];
  }
};
