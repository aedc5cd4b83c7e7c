import type { ConverseEvent } from '../canonical/types.ts';

/** The same event of a block so many places further back. */
export function movedBy(places: number, event: ConverseEvent): ConverseEvent {
  if ('contentBlockStart' in event) {
    const { contentBlockIndex, start } = event.contentBlockStart;
    return { contentBlockStart: { contentBlockIndex: contentBlockIndex + places, start } };
  }
  if ('contentBlockDelta' in event) {
    const { contentBlockIndex, delta } = event.contentBlockDelta;
    return { contentBlockDelta: { contentBlockIndex: contentBlockIndex + places, delta } };
  }
  if ('contentBlockStop' in event)
    return { contentBlockStop: { contentBlockIndex: event.contentBlockStop.contentBlockIndex + places } };
  return event;
}
