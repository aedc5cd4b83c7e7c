import fc from 'fast-check';
import type { ConverseEvent, Delta } from '../../lambda/canonical/types.ts';

function parts(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end));
}

function deltas(delta: Delta, cuts: readonly number[]): Delta[] {
  if ('text' in delta) return parts(delta.text, cuts).map((text) => ({ text }));
  if ('toolUse' in delta) return parts(delta.toolUse.input, cuts).map((input) => ({ toolUse: { input } }));
  return [delta];
}

/** The same stream with its text and tool input cut at other places. */
export function resplit(events: readonly ConverseEvent[], cuts: readonly number[]): ConverseEvent[] {
  return events.flatMap((event): ConverseEvent[] => {
    if (!('contentBlockDelta' in event)) return [event];
    const { contentBlockIndex, delta } = event.contentBlockDelta;
    return deltas(delta, cuts).map((part) => ({ contentBlockDelta: { contentBlockIndex, delta: part } }));
  });
}

export const cuts = fc.array(fc.nat(400), { maxLength: 40 });
