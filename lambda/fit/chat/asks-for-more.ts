import { isObject, list } from '../../canonical/json.ts';
import type { NativeRequest } from '../../canonical/native.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { type ChatTraits, chatDialects } from '../../models/families/chat-dialects.ts';
import { formatOf, messagesOf, thinks } from './draft.ts';

/**
 * Whether a request asks for something that Chat Completions on the runtime has and Converse has not. All others stay
 * with Converse, whose reasoning, calls and errors say more: there alone a GPT's encrypted thoughts come back.
 */
export function asksForMore({ body, settings }: NativeRequest, able: Capabilities): boolean {
  const traits = chatDialects[able.chat ?? 'open'];
  const takes = (name: string) =>
    !traits.refuses?.includes(name) &&
    !(traits.refusesThinking?.includes(name) && thinks(body)) &&
    !able.chatRefused?.includes(name);
  return (
    Object.entries(more).some(([name, asks]) => asks(body[name]) && takes(name)) ||
    (able.refusesSampling && ['temperature', 'top_p'].some((name) => isNot(1)(body[name]) && takes(name))) ||
    (traits.verbosity === true && isNot('medium')(body.verbosity) && takes('verbosity')) ||
    (traits.keepsSchemas === true &&
      able.structuredOutput !== 'native' &&
      formatOf(body) === 'json_schema') ||
    wantsOfKimi(body, settings, traits)
  );
}

const isNot = (usual: Json) => (value: Json | undefined) =>
  value !== undefined && value !== null && value !== usual;

/** Members that Converse has no place for, and whether a value of theirs asks for anything. */
const more: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  logprobs: (value) => value === true,
  logit_bias: (value) => isObject(value) && Object.keys(value).length > 0,
  presence_penalty: isNot(0),
  frequency_penalty: isNot(0),
};

/** Kimi K3 has tiers and marks for its cache on this path alone. */
function wantsOfKimi(
  body: JsonObject,
  { serviceTier }: NativeRequest['settings'],
  traits: ChatTraits,
): boolean {
  if (!traits.cacheMarks) return false;
  const isMarked = messagesOf(body).some(({ content }) =>
    list(content).some(({ prompt_cache_breakpoint: mark }) => mark !== undefined),
  );
  return isMarked || isNot('default')(serviceTier?.type);
}
