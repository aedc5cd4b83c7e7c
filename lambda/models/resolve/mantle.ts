import { apiOf } from '../../backends/mantle/paths.ts';
import type { Capabilities } from '../capabilities.ts';
import { capabilitiesOf } from '../families/capabilities-of.ts';
import { invokeCapabilities } from '../invoke-capabilities.ts';
import type { Place, Walk } from './walk.ts';

/**
 * Ids that Bedrock's runtime does not know and bedrock-mantle does, of models that are asked in Chat Completions (an
 * account's list of 27 October 2026). Some are models that the runtime has too, under other ids.
 */
export const mantleModels: ReadonlySet<string> = new Set([
  'deepseek.v3.1',
  'google.gemma-4-26b-a4b',
  'google.gemma-4-31b',
  'google.gemma-4-e2b',
  'moonshotai.kimi-k2-thinking',
  'openai.gpt-5.4-2026-03-05',
  'openai.gpt-5.5-2026-04-23',
  'openai.gpt-oss-20b',
  'openai.gpt-oss-120b',
  'qwen.qwen3-32b',
  'qwen.qwen3-235b-a22b-2507',
  'qwen.qwen3-coder-30b-a3b-instruct',
  'qwen.qwen3-coder-480b-a35b-instruct',
  'qwen.qwen3-next-80b-a3b-instruct',
  'qwen.qwen3-vl-235b-a22b-instruct',
  'xai.grok-4.3',
  'zai.glm-4.6',
]);

/** A model that only bedrock-mantle has; undefined for all others. */
export function placeMantle(walk: Walk, id: string, region: string): Place | undefined {
  if (!mantleModels.has(id)) return undefined;
  walk.reasons.push(`\`${id}\` is served by bedrock-mantle alone`);
  const capabilities = {
    ...(own(id) ?? inChat(id)),
    serviceTiers: ['default'],
    responses: undefined,
    chat: undefined,
  };
  return { id, region, backend: 'mantle', capabilities };
}

/** GPT is asked in Responses, where what it thought comes back. */
const own = (id: string): Capabilities | undefined =>
  apiOf(id) === 'responses' ? { ...capabilitiesOf(id), reasoningReplay: 'responses' } : undefined;

/** What Chat Completions carry, as far as the model has it. */
function inChat(id: string): Capabilities {
  const { family, tools, toolChoice, image, refusesSampling, stopSequences, ...known } = capabilitiesOf(id);
  const { reasoning, contextTokens, maxOutputTokens, defaultMaxTokens } = known;
  return {
    ...capabilitiesOf(id, invokeCapabilities('openai-chat')),
    ...{ family, tools, toolChoice, image, refusesSampling, stopSequences },
    ...{ reasoning, contextTokens, maxOutputTokens, defaultMaxTokens },
  };
}
