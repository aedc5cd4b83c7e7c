import type { Counted } from '../backends/count-tokens.ts';
import { list, type Members, members } from '../canonical/json.ts';
import type { NativeRequest } from '../canonical/native.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { JsonObject } from '../canonical/types.ts';
import { GatewayError } from '../errors.ts';
import { fitFor } from '../fit/index.ts';
import { fitMessages, needsConverse } from '../fit/messages/index.ts';
import { flags } from '../fit/messages/members.ts';
import { flagOfTool } from '../fit/messages/tool-kinds.ts';
import type { Target } from '../models/target.ts';
import { prepareNative } from './native-lane.ts';
import { prepare, type Rules } from './prepare.ts';

/** Of a body what the model reads before it answers. */
const counts = [
  'anthropic_version',
  'system',
  'messages',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
];

/**
 * The body of the InvokeModel call that would be made, without what does not count: flags are refused here, an empty
 * list of tools too. The most that may be answered has to be said, and has to be more than the thinking. Undefined for what
 * cannot be asked so.
 */
export function countedBody(request: NativeRequest, target: Target, rules: Rules): JsonObject | undefined {
  const { capabilities } = target;
  const { messages } = capabilities;
  // Whatever needs a flag is left out, as the flags are.
  const able = messages
    ? { ...capabilities, messages: { ...messages, betas: [], effortsByBeta: undefined } }
    : capabilities;
  const asked = { ...request, body: { ...request.body, max_tokens: capabilities.maxOutputTokens ?? 8192 } };
  const prepared = { ...prepareNative(asked, target, rules), betas: [] };
  // What the gateway would make of it for Converse is not what CountTokens would read.
  if (needsConverse(prepared, able)) return undefined;
  // A count without what the model will read would be no count of it.
  if (list(prepared.body.tools).some((tool) => messages?.betas.includes(flagOf(tool) ?? '')))
    return undefined;
  try {
    const { native } = fitMessages(prepared, able, target.asked);
    const body = Object.fromEntries(Object.entries(native.body).filter(([name]) => counts.includes(name)));
    if (Array.isArray(body.tools) && body.tools.length === 0) {
      delete body.tools;
      delete body.tool_choice;
    }
    const { budget_tokens: budget } = members(body.thinking);
    return { ...body, max_tokens: typeof budget === 'number' ? budget + 1 : 1 };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    // What the model would refuse can still be estimated.
    return undefined;
  }
}

/** The flag without which a tool is not sent whole. That of the search is none: deferred tools are no part of the prompt. */
function flagOf({ type, input_examples }: Members): string | undefined {
  const flag = typeof type === 'string' ? flagOfTool(type) : undefined;
  if (flag !== undefined && flag !== flags.toolSearch) return flag;
  return input_examples === undefined || input_examples === null ? undefined : flags.toolExamples;
}

/**
 * Of the Converse call that would be made what CountTokens takes. A guardrail is left out: it reads by itself, and its
 * marks are no tokens. Undefined for what the model would refuse, which can still be estimated.
 */
export async function countedConversation(
  request: CanonicalRequest,
  target: Target,
  rules: Rules,
): Promise<Extract<Counted, { converse: object }>['converse'] | undefined> {
  const { guardrail: _, ...principal } = rules.principal;
  try {
    const prepared = prepare(request, target, { ...rules, principal, guardrail: undefined });
    const fit = await fitFor(prepared, target.capabilities);
    const { messages, system, toolConfig, additionalModelRequestFields } = fit(
      prepared,
      target.capabilities,
    ).request;
    return {
      messages,
      ...(system && { system }),
      ...(toolConfig && { toolConfig }),
      ...(additionalModelRequestFields && { additionalModelRequestFields }),
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return undefined;
  }
}
