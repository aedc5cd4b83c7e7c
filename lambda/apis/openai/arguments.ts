import { type ByteBudget, bounds } from '../../bounds.ts';
import { parseExactly, parseJson } from '../../canonical/json.ts';
import { parseJsonObjects } from '../../canonical/json-objects.ts';
import type { Json, ToolUseBlock } from '../../canonical/types.ts';
import { badRequest } from '../shared/bad-request.ts';
import { isNestedTooDeep, maxNesting } from '../shared/nesting.ts';

/** Models sometimes write the arguments of several calls into one (BerriAI/litellm#20543): they become several. */
export function usesOf(
  toolUseId: string,
  name: string,
  value: unknown,
  path: string,
  { bytes }: { bytes: ByteBudget },
): ToolUseBlock[] {
  const inputs = readArguments(value, path);
  if (inputs.length > bounds.callsInOne) {
    throw badRequest(
      `Invalid value for '${path}': it holds the arguments of ${inputs.length} calls; at most ${bounds.callsInOne} are taken apart. Send each call by itself.`,
      path,
    );
  }
  // The first has its name and id in the request; the others repeat them.
  bytes.spend((inputs.length - 1) * (name.length + toolUseId.length), path);
  return inputs.map((input, i) => ({
    toolUse: { toolUseId: i === 0 ? toolUseId : `${toolUseId}_${i}`, name, input },
  }));
}

/**
 * What a model wrote as arguments comes back as the client was given it, cut off by `max_tokens` or no object at all,
 * and must not end the conversation (langchain-ai/langchain-aws#1289). What is no object goes on as it is: `fit`
 * finds it a place. Streaming clients send `""` for a call without arguments.
 */
function readArguments(value: unknown, path: string): Json[] {
  const input = typeof value === 'string' ? unwrapped(value) : ((value ?? null) as Json);
  if (input === null || (typeof input === 'string' && input.trim() === '')) return [{}];
  const inputs = typeof input === 'string' ? (parseJsonObjects(input) ?? [input]) : [input];
  // Each level takes two characters; what is no text was measured with the body.
  if (typeof value === 'string' && value.length >= 2 * maxNesting && isNestedTooDeep(inputs)) {
    throw badRequest(
      `Invalid value for '${path}': it is nested too deep; at most ${maxNesting} levels are taken.`,
      path,
    );
  }
  return inputs;
}

/** The JSON value of a text, out of as many strings as clients and models have wrapped it in; else the text. */
function unwrapped(text: string): Json {
  let value: Json = text;
  // Each string is shorter than its JSON, and its quotes are escaped in it: this ends soon.
  while (typeof value === 'string') {
    const parsed = parseJson(value, parseExactly);
    if (!parsed) break;
    value = parsed.value;
  }
  return value;
}
