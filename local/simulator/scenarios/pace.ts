import type { Reply, Step } from '../operation.ts';
import { type Dialect, dialectOf } from './dialect.ts';
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

function* inPieces(steps: Iterable<Step>, count: number, dialect: Dialect): Iterable<Step> {
  for (const step of steps) {
    const delta = 'event' in step ? dialect.deltaOf(step) : undefined;
    const pieces = delta ? piecesOf(delta, count) : [];
    if (pieces.length === 0 || !('event' in step)) yield step;
    else for (const piece of pieces) yield dialect.withDelta(step, piece);
  }
}

/** Bytes are encoded piece by piece, so that padding stands in the middle (vercel/ai#19062). */
function piecesOf(delta: Record<string, unknown>, count: number): object[] {
  if (delta.type === 'signature_delta')
    return cut(String(delta.signature), count).map((signature) => ({ type: 'signature_delta', signature }));
  const { signature, redactedContent } = (delta.reasoningContent ?? {}) as Record<string, string>;
  if (signature !== undefined)
    return cut(signature, count).map((piece) => ({ reasoningContent: { signature: piece } }));
  if (redactedContent === undefined) return [];
  return cut(Buffer.from(redactedContent, 'base64'), count).map((piece) => ({
    reasoningContent: { redactedContent: piece.toString('base64') },
  }));
}

function cut<T extends { length: number; slice(from: number, to: number): T }>(whole: T, count: number): T[] {
  const size = Math.ceil(whole.length / count);
  return Array.from({ length: count }, (_, i) => whole.slice(i * size, (i + 1) * size));
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
    name: 'pieces',
    example: '[[pieces:3]]',
    does: 'Signatures and redacted reasoning come in that many deltas (default 2): the text of one, the bytes of the other, cut anywhere. Of InvokeModel signatures only.',
    deliver: (reply, { args, call }) => ({
      ...reply,
      steps: inPieces(reply.steps, numberAt(args, 0, 2), dialectOf(call)),
    }),
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
