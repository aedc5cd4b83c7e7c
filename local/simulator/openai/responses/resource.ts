import type { Answer } from '../../answer/answer.ts';
import type { Call } from '../../operation.ts';
import { idFor, type Tokens } from '../outcome.ts';
import type { Item, ResponseBody } from './body.ts';
import type { Callable } from './tools.ts';

/** An answer with all that is needed to tell it. */
export interface Outcome {
  answer: Answer;
  status: 'completed' | 'incomplete' | 'failed';
  tokens: Tokens;
  body: ResponseBody;
  callables: readonly Callable[];
  call: Call;
  seed: string;
  /** Seconds since 1970. */
  created: number;
}

const lengths = ['max_tokens', 'model_context_window_exceeded'];
const filters = ['content_filtered', 'refusal'];

export function statusOf({ stopReason }: Answer): Outcome['status'] {
  if ([...lengths, ...filters].includes(stopReason)) return 'incomplete';
  return stopReason.startsWith('malformed_') ? 'failed' : 'completed';
}

export interface Resource extends Record<string, unknown> {
  id: string;
}

/** The response as it is in the end. */
export function resourceOf(outcome: Outcome, output: readonly Item[]): Resource {
  const { answer, status, created } = outcome;
  const reason = lengths.includes(answer.stopReason) ? 'max_output_tokens' : 'content_filter';
  return {
    ...openResource(outcome),
    status,
    completed_at: status === 'completed' ? created : null,
    error:
      status === 'failed' ? { code: 'server_error', message: 'The model produced invalid content.' } : null,
    incomplete_details: status === 'incomplete' ? { reason } : null,
    output,
    usage: usageOf(outcome),
  };
}

/** And as it is in the beginning: with all that was asked, and no answer. */
export function openResource({ body, seed, created }: Outcome): Resource {
  return {
    id: `resp_${idFor(seed, 'response', 50)}`,
    object: 'response',
    created_at: created,
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    model: body.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    presence_penalty: 0,
    frequency_penalty: 0,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    prompt_cache_retention: body.prompt_cache_retention ?? null,
    reasoning: { effort: body.reasoning?.effort ?? 'medium', summary: body.reasoning?.summary ?? null },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: body.service_tier && body.service_tier !== 'auto' ? body.service_tier : 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: body.text?.format ?? { type: 'text' }, verbosity: body.text?.verbosity ?? 'medium' },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: null,
    user: body.user ?? null,
    metadata: body.metadata ?? {},
  };
}

const usageOf = ({ tokens: { input, cached, written, output, reasoning } }: Outcome) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});
