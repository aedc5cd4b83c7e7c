import type { StopReason } from '../../canonical/types.ts';

/** The words of all formats, in lower case (recorded, except those of tools and filters). */
const stopReasons: Readonly<Record<string, StopReason>> = {
  stop: 'end_turn',
  end_turn: 'end_turn',
  eos: 'end_turn',
  finish: 'end_turn',
  complete: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  max_tokens: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  tool_use: 'tool_use',
  content_filter: 'content_filtered',
  refusal: 'content_filtered',
};

/** Converse's word for why a model stopped; one that nobody knows is a plain end. */
export function stopReasonOf(word: string): StopReason {
  const key = word.toLowerCase();
  return (Object.hasOwn(stopReasons, key) ? stopReasons[key] : undefined) ?? 'end_turn';
}
