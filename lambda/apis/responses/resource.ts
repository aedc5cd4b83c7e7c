import { isFiltered } from '../../canonical/stop-reason.ts';
import type { ConverseAnswer, JsonObject, StopReason } from '../../canonical/types.ts';
import { unfold } from '../../canonical/unfold.ts';
import { reasoningTokens } from '../../canonical/usage.ts';
import { GatewayError } from '../../errors.ts';
import type { AnswerHead } from '../api.ts';
import { bedrockFields } from '../openai/bedrock-fields.ts';
import { finishReason } from '../openai/finish-reason.ts';
import { noEvents } from './events.ts';
import type { Failure } from './failure.ts';
import { Ids } from './ids.ts';
import { Output, type OutputItem } from './output.ts';
import type { Echo, Rendering } from './rendering.ts';
import { type ResponsesUsage, responsesUsage } from './usage.ts';

/** What becomes of a response while it is answered. */
export type Course =
  | { status: 'in_progress' }
  | { status: 'failed'; output: readonly (OutputItem | JsonObject)[]; error: Failure }
  | Ended;

interface Ended {
  status: 'completed' | 'incomplete';
  incompleteReason?: 'max_output_tokens' | 'content_filter';
  output: OutputItem[];
  usage: ResponsesUsage;
  serviceTier?: string;
  /** What OpenAI has no member for. */
  bedrock?: object;
}

/** The response resource, with every member that its clients require (https://www.openresponses.org/specification). */
export function resource(head: AnswerHead, { echo, kept }: Pick<Rendering, 'echo' | 'kept'>, course: Course) {
  const ended = 'usage' in course ? course : undefined;
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  return {
    id: new Ids(head.requestId).response,
    object: 'response' as const,
    created_at: seconds(head.createdAt),
    completed_at: course.status === 'completed' && head.now ? seconds(head.now()) : null,
    status: course.status,
    incomplete_details: ended?.incompleteReason ? { reason: ended.incompleteReason } : null,
    error: course.status === 'failed' ? course.error : null,
    model: head.model,
    output: course.status === 'in_progress' ? [] : course.output,
    usage: ended?.usage ?? null,
    ...echoed(echo),
    ...kept?.members(),
    service_tier: ended?.serviceTier ?? echo.service_tier ?? 'default',
    ...(ended?.bedrock && { bedrock: ended.bedrock }),
  };
}

/**
 * What the request said, or what OpenAI takes where it said nothing. Tools are not repeated: they are most of a
 * request, would go out three times in a stream, and no client reads them.
 */
function echoed(echo: Echo) {
  return {
    instructions: echo.instructions ?? null,
    previous_response_id: null,
    metadata: echo.metadata ?? {},
    temperature: echo.temperature ?? null,
    top_p: echo.top_p ?? null,
    top_logprobs: echo.top_logprobs ?? 0,
    presence_penalty: echo.presence_penalty ?? 0,
    frequency_penalty: echo.frequency_penalty ?? 0,
    max_output_tokens: echo.max_output_tokens ?? null,
    max_tool_calls: echo.max_tool_calls ?? null,
    text: { ...echo.text, format: echo.text?.format ?? { type: 'text' } },
    reasoning: { effort: echo.reasoning?.effort ?? null, summary: echo.reasoning?.summary ?? null },
    tools: [],
    tool_choice: echo.tool_choice ?? 'auto',
    parallel_tool_calls: echo.parallel_tool_calls ?? true,
    truncation: echo.truncation ?? 'disabled',
    store: false,
    background: false,
    prompt_cache_key: echo.prompt_cache_key ?? null,
    safety_identifier: echo.safety_identifier ?? null,
    access_programs: null,
    ...(echo.user !== undefined && { user: echo.user }),
  };
}

/** What Bedrock says at the end of an answer. */
export interface Ending extends Pick<ConverseAnswer, 'stopReason' | 'usage' | 'trace' | 'serviceTier'> {
  additionalModelResponseFields?: JsonObject;
}

/**
 * How an answer ended, with its output. Throws a GatewayError when a summary was asked for and the model, which may have
 * called a tool instead, wrote none: an empty one would take the place of the conversation.
 */
export function endedCourse(ending: Ending, output: Output, { compaction, trace }: Rendering): Ended {
  const { stopReason, usage, serviceTier } = ending;
  const incompleteReason = incompleteBecause(stopReason, output.saysSomething && !compaction);
  if (compaction && output.items.length === 0 && !incompleteReason) throw noSummary();
  const bedrock = {
    ...(isFiltered(stopReason) && { stop_reason: stopReason }),
    ...bedrockFields(ending, { ...(trace !== undefined && { trace }) }),
  };
  return {
    status: incompleteReason ? 'incomplete' : 'completed',
    ...(incompleteReason && { incompleteReason }),
    output: output.items,
    usage: responsesUsage(usage, reasoningTokens(usage, output.seen)),
    ...(serviceTier && { serviceTier: serviceTier.type }),
    ...(Object.keys(bedrock).length > 0 && { bedrock }),
  };
}

const noSummary = () =>
  new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'model_error',
    message: 'The model wrote no summary of the conversation. Try again, or have another model summarize it.',
  });

/**
 * Why an answer is not complete. What a guardrail says is an answer: Codex repeats a call that ended in
 * `content_filter` five times, and shows nothing of a refusal part.
 */
function incompleteBecause(stopReason: StopReason, saysSomething: boolean): Ended['incompleteReason'] {
  if (isCutOff(stopReason)) return 'max_output_tokens';
  return isFiltered(stopReason) && !saysSomething ? 'content_filter' : undefined;
}

export const isCutOff = (stopReason: StopReason): boolean => finishReason(stopReason, false) === 'length';

/** A whole answer as a response. It is made as a stream is, so that both say the same. */
export function writeResponse(answer: ConverseAnswer, head: AnswerHead, rendering: Rendering) {
  const { requestId, model } = head;
  const output = new Output({ ids: new Ids(requestId), model, rendering, events: noEvents });
  for (const event of unfold(answer)) output.push(event);
  output.finish(isCutOff(answer.stopReason));
  return resource(head, rendering, endedCourse(answer, output, rendering));
}

/** What headers warn of: that a completed answer is not what the model said. */
export function warningsOf({ stopReason }: ConverseAnswer): string[] {
  return isFiltered(stopReason)
    ? [
        `${stopReason}: the answer was withheld or changed, in whole or in part; its text says what there is to say`,
      ]
    : [];
}
