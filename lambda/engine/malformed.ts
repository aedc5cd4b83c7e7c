import type { ConverseEvent, StopReason } from '../canonical/types.ts';
import { ApiError } from '../errors.ts';
import type { Target } from '../models/target.ts';

interface Answered {
  target: Pick<Target, 'asked'>;
  requestId: string | undefined;
}

/**
 * Fails an answer that Bedrock itself calls broken: the stop reasons `malformed_model_output` and `malformed_tool_use`
 * (UKGovernmentBEIS/inspect_ai#2941, vercel/ai#16926), mostly with nothing in it, for which OpenAI has no finish
 * reason. Elsewhere Bedrock says the same with a ModelErrorException, which is a 502 as well. Throws ApiError; the model
 * has run, so only another model is tried.
 */
export function refuseMalformed(stopReason: StopReason, { target, requestId }: Answered): void {
  if (!isMalformed(stopReason)) return;
  const what = stopReason === 'malformed_tool_use' ? 'made a tool call' : 'gave an answer';
  throw new ApiError({
    status: 502,
    type: 'server_error',
    reason: 'model_error',
    code: stopReason,
    mayHaveRun: true,
    message: `The model \`${target.asked}\` ${what} that could not be read. Please try again.`,
    upstream: { name: stopReason, message: '', status: 200, ...(requestId && { requestId }) },
  });
}

/** The same for a batch of a stream, which fails with it. */
export function refuseMalformedEnd(events: readonly ConverseEvent[], answered: Answered): void {
  for (const event of events) {
    if ('messageStop' in event) refuseMalformed(event.messageStop.stopReason, answered);
  }
}

const isMalformed = (stopReason: StopReason): stopReason is `malformed_${string}` =>
  stopReason.startsWith('malformed_');
