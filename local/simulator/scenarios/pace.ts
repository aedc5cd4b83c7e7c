import type { Reply, Step } from '../operation.ts';
import { numberAt, type Scenario } from './scenario.ts';

/** A pause before every event, or before those that `when` picks by their number from 0. */
function withPauses(reply: Reply, pauseMs: number, when: (nth: number) => boolean = () => true): Reply {
  return {
    ...reply,
    steps: (function* (): Iterable<Step> {
      let seen = 0;
      for (const step of reply.steps) {
        if ('event' in step && when(seen++)) yield { pauseMs };
        yield step;
      }
    })(),
  };
}

/** How an answer that is fine in itself arrives. */
export const paces: Scenario[] = [
  {
    name: 'slow',
    example: '[[slow:50]]',
    does: 'Milliseconds before each event (default 50); a plain body waits that long once.',
    listed: true,
    deliver: (reply, { args, streams }) => {
      const pauseMs = numberAt(args, 0, 50);
      return streams ? withPauses(reply, pauseMs) : { ...reply, before: [{ pauseMs }] };
    },
  },
  {
    name: 'first-byte',
    example: '[[first-byte:2000]]',
    does: 'Milliseconds before the status line (default 2000).',
    deliver: (reply, { args }) => ({ ...reply, before: [{ pauseMs: numberAt(args, 0, 2000) }] }),
  },
  {
    name: 'think-pause',
    example: '[[think-pause:5000]]',
    does: 'Milliseconds of silence after messageStart, as when a model thinks for long (default 5000).',
    deliver: (reply, { args }) => withPauses(reply, numberAt(args, 0, 5000), (nth) => nth === 1),
  },
  {
    name: 'batch',
    example: '[[batch]]',
    does: 'All events in one packet, at the end.',
    deliver: (reply) => ({ ...reply, packets: 'one' }),
  },
  {
    name: 'split',
    example: '[[split]]',
    does: 'The bytes arrive cut inside lengths, checksums and characters.',
    deliver: (reply) => ({ ...reply, packets: 'awkward' }),
  },
];
