import { isObject, list, text } from '../../canonical/json.ts';
import type { NativeRequest } from '../../canonical/native.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { field, type Note, note, written } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { type ChatTraits, chatDialects } from '../../models/families/chat-dialects.ts';
import { asksForMore } from './asks-for-more.ts';
import { formatOf, isPdf, messagesOf, partsOf, thinks } from './draft.ts';

/**
 * What Chat Completions on the runtime cannot do and Converse can, with what the gateway makes of it, in words;
 * undefined: nothing. A guardrail comes first: whoever enforces one gets Converse's, which sees all that there is of it.
 * Metadata are recorded with calls of Converse alone.
 */
export function converseBecause({ body, settings }: NativeRequest, able: Capabilities): Note | undefined {
  const traits = chatDialects[able.chat ?? 'open'];
  const tier = settings.serviceTier?.type;
  if (settings.guardrailConfig) return note`a guardrail (${field('guardrailConfig')})`;
  if (settings.performanceConfig) return written('performanceConfig');
  if (settings.requestMetadata) return field('requestMetadata');
  if (tier !== undefined && tier !== 'default' && !traits.tiers.includes(tier)) return field('serviceTier');
  // The gateway ends the answer there itself.
  const stops = Array.isArray(body.stop) ? body.stop.length : 0;
  if (stops > (traits.refuses?.includes('stop') ? 0 : mostStops)) return field('stopSequences');
  return because(body, able, traits);
}

/** More are refused there. */
const mostStops = 4;
/** No id of a call is longer there. */
const longestId = 40;

function because(body: JsonObject, able: Capabilities, traits: ChatTraits): Note | undefined {
  const format = formatOf(body);
  // What the model does not keep by itself it is made to by a tool or an instruction.
  if (format === 'json_schema' && !traits.keepsSchemas) return field('outputFormat');
  if (format === 'json_object' && !says(body, /json/i)) return field('outputFormat');
  return toolsBecause(body, able, traits) ?? contentBecause(body, able, traits);
}

const legalName = /^[a-zA-Z0-9_-]{1,64}$/;

function toolsBecause(body: JsonObject, able: Capabilities, traits: ChatTraits): Note | undefined {
  const tools = list(body.tools);
  const choice = body.tool_choice ?? 'auto';
  const isForced = choice !== 'auto' && choice !== 'none';
  if (tools.length > 0) {
    if (!able.tools) return field('tools');
    if (traits.refusesThinking?.includes('tools') && thinks(body))
      return note`${field('tools')} beside reasoning`;
    // What of its own spelling of calls a model leaves in the text is put right there.
    if (able.leaks) return field('tools');
    if (tools.some(({ function: called }) => !isObject(called) || !legalName.test(text(called.name) ?? '')))
      return field('tools');
    if (isForced && (traits.onlyAutoChoice || !able.toolChoice.any || !able.toolChoice.tool))
      return field('toolChoice');
  }
  const messages = messagesOf(body);
  const calls = messages.some(({ tool_calls: each }) => list(each).length > 0);
  if (calls && able.toolUseId !== 'any') return field('messages');
  return hasOddCalls(messages)
    ? note`what ${field('messages')} holds (calls without results, or results without calls)`
    : undefined;
}

/** Each message's calls must be those that the next ones have results for, and nothing may stand between. */
function hasOddCalls(messages: ReturnType<typeof messagesOf>): boolean {
  let open = new Set<unknown>();
  for (const { role, tool_call_id: id, tool_calls: calls } of messages) {
    if (role === 'tool') {
      if (!open.delete(id)) return true;
      continue;
    }
    if (open.size > 0) return true;
    const ids = list(calls).map((call) => call.id);
    open = new Set(ids);
    if (open.size < ids.length || list(calls).some(isOdd)) return true;
  }
  return open.size > 0;
}

const isOdd = ({ id, function: called }: Readonly<Record<string, unknown>>): boolean =>
  typeof id !== 'string' ||
  id.length > longestId ||
  !isObject(called) ||
  !legalName.test(text(called.name) ?? '') ||
  typeof called.arguments !== 'string';

function contentBecause(body: JsonObject, able: Capabilities, traits: ChatTraits): Note | undefined {
  const taken = new Set<unknown>(['text', 'refusal', ...(able.image ? ['image_url'] : [])]);
  if (!traits.takesOrders && hasLateOrders(body))
    return note`what ${field('messages')} holds (instructions between turns)`;
  for (const message of messagesOf(body)) {
    const isTool = message.role === 'tool';
    const odd = partsOf(message).find((part) =>
      isTool ? part.type !== 'text' : !taken.has(part.type) && !(traits.files && isPdf(part)),
    );
    if (odd) return note`what ${field('messages')} holds (${String(odd.type).slice(0, 40)})`;
  }
  return undefined;
}

const isOrder = ({ role }: Readonly<Record<string, unknown>>) => role === 'system' || role === 'developer';

/** Instructions between turns, which chat templates of many open weights refuse. */
function hasLateOrders(body: JsonObject): boolean {
  const messages = messagesOf(body);
  const first = messages.findIndex((message) => !isOrder(message));
  return first >= 0 && messages.slice(first).some(isOrder);
}

const says = (body: JsonObject, word: RegExp): boolean =>
  messagesOf(body).some((message) => partsOf(message).some(({ text: said }) => word.test(text(said) ?? '')));

/** Whether a client that says nothing of the lane is served better by Converse: always, unless it asks for more than that has. */
export const needsConverse = (request: NativeRequest, able: Capabilities): boolean =>
  !asksForMore(request, able) || converseBecause(request, able) !== undefined;
