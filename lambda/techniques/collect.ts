import { fold } from '../canonical/fold.ts';
import type { ConverseAnswer, ConverseEvent, EventBatches } from '../canonical/types.ts';

/** The answer that a stream comes to. Rejects with what the stream fails with. */
export function collect(events: EventBatches): Promise<ConverseAnswer> {
  return new Promise((resolve, reject) => {
    const all: ConverseEvent[] = [];
    const end = () => {
      try {
        resolve(fold(all));
      } catch (error) {
        reject(error);
      }
    };
    const next = () =>
      events.pull({
        onItem(batch) {
          all.push(...batch);
          next();
        },
        onEnd: end,
        onError: reject,
      });
    next();
  });
}
