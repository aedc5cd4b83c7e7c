import { fold } from '../canonical/fold.ts';
import type { ConverseEvent } from '../canonical/types.ts';
import { unfold } from '../canonical/unfold.ts';
import type { Restore } from './types.ts';

/** Turns one event into what the client is to see of it; keeps state between the events of one stream. */
export type EventMap = (event: ConverseEvent) => ConverseEvent[];

/** A way back that is written once, for streams: an answer goes through it as the stream it could have been. */
export function restoreByEvents(start: () => EventMap): Restore {
  return {
    answer: (answer) => fold(unfold(answer).flatMap(start())),
    events: () => {
      const map = start();
      return (batch) => batch.flatMap(map);
    },
  };
}
