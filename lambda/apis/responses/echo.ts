import type { JsonObject } from '../../canonical/types.ts';
import type { Echo } from './rendering.ts';
import type { ResponsesRequest } from './schema.ts';

/** What the answer repeats of its request; null counts as not given. */
export function echoOf(request: ResponsesRequest): Echo {
  const { model, text, reasoning, tool_choice: choice } = request;
  return {
    model,
    ...(text && { text: textOf(text) }),
    ...(reasoning && { reasoning: reasoningOf(reasoning) }),
    ...(choice != null && { tool_choice: choice as string | JsonObject }),
    ...given(request, [
      'instructions',
      'metadata',
      'temperature',
      'top_p',
      'max_output_tokens',
      'parallel_tool_calls',
      'truncation',
      'service_tier',
      'prompt_cache_key',
      'safety_identifier',
      'user',
    ]),
  };
}

function textOf({ format, verbosity }: NonNullable<ResponsesRequest['text']>): NonNullable<Echo['text']> {
  return { ...(format && { format: format as JsonObject }), ...(verbosity && { verbosity }) };
}

function reasoningOf(reasoning: NonNullable<ResponsesRequest['reasoning']>): NonNullable<Echo['reasoning']> {
  const { effort, summary = reasoning.generate_summary } = reasoning;
  return { ...(effort && { effort }), ...(summary && summary !== 'none' && { summary }) };
}

type Given<T, K extends keyof T> = { [Name in K]?: NonNullable<T[Name]> };

function given<T extends object, K extends keyof T>(request: T, names: readonly K[]): Given<T, K> {
  const said: Given<T, K> = {};
  for (const name of names) {
    const value = request[name];
    if (value !== undefined && value !== null) said[name] = value;
  }
  return said;
}
