import { filterExplanation, isFiltered } from '../../canonical/stop-reason.ts';
import type { ConverseAnswer, StopReason } from '../../canonical/types.ts';
import type { Rendering } from './rendering.ts';

/** Why an answer ended, in Anthropic's members (https://docs.anthropic.com/en/api/handling-stop-reasons). */
export interface Ending {
  stop_reason: string;
  stop_sequence: string | null;
  stop_details: RefusalDetails | null;
}
export interface RefusalDetails {
  type: 'refusal';
  category: null;
  explanation: string | null;
}

/** Reasons that mean the same in both APIs, whatever the answer holds. */
const shared: ReadonlySet<StopReason> = new Set([
  'max_tokens',
  'stop_sequence',
  'model_context_window_exceeded',
]);

type Ended = Pick<ConverseAnswer, 'stopReason' | 'additionalModelResponseFields' | 'stoppedAt'>;

/**
 * Bedrock's stop reason as Anthropic's. Where the model simply stopped, what was seen decides: some models say
 * `end_turn` although they called a tool, and clients run tools only at `tool_use`. Reasons that nobody knows yet count
 * as a plain stop. `malformed_*` never comes here: the engine fails such an answer.
 */
export function endingOf(ended: Ended, sawToolUse: boolean, rendering: Rendering): Ending {
  const { stopReason } = ended;
  if (isFiltered(stopReason)) {
    const explanation = filterExplanation(stopReason) ?? null;
    return {
      stop_reason: 'refusal',
      stop_sequence: null,
      stop_details: { type: 'refusal', category: null, explanation },
    };
  }
  const plain = sawToolUse ? 'tool_use' : 'end_turn';
  return {
    stop_reason: shared.has(stopReason) ? stopReason : plain,
    stop_sequence: stopReason === 'stop_sequence' ? stopSequence(ended, rendering) : null,
    stop_details: null,
  };
}

/**
 * The gateway knows at which sequence it has ended an answer; Converse names it where the request asked for that response
 * field; of one there is no doubt.
 */
function stopSequence(
  { additionalModelResponseFields: fields, stoppedAt }: Ended,
  rendering: Rendering,
): string | null {
  const asked = new Set(rendering.stopSequences);
  const delta = fields?.delta;
  const inDelta = typeof delta === 'object' && delta !== null && !Array.isArray(delta) ? delta : {};
  // The stream has it where Claude's own event does (recorded).
  for (const said of [stoppedAt, fields?.stop_sequence, inDelta.stop_sequence]) {
    if (typeof said === 'string' && asked.has(said)) return said;
  }
  const [only] = asked;
  return asked.size === 1 && only !== undefined ? only : null;
}
