import fc from 'fast-check';
import type { ConverseEvent, Delta } from '../../lambda/canonical/types.ts';

function parts(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end));
}

function deltas(delta: Delta, cuts: readonly number[]): Delta[] {
  if ('text' in delta) return parts(delta.text, cuts).map((text) => ({ text }));
  if ('toolUse' in delta) return parts(delta.toolUse.input, cuts).map((input) => ({ toolUse: { input } }));
  if ('reasoningContent' in delta) return reasoning(delta.reasoningContent, cuts);
  return [delta];
}

/** Text and signatures are cut as text; redacted content, which is bytes, is encoded anew in each piece. */
function reasoning({ text, signature, redactedContent }: Reasoning, cuts: readonly number[]): Delta[] {
  const pieces: Reasoning[] = [
    ...(text === undefined ? [] : parts(text, cuts).map((part) => ({ text: part }))),
    ...(signature === undefined ? [] : parts(signature, cuts).map((part) => ({ signature: part }))),
    ...(redactedContent === undefined ? [] : byteParts(redactedContent, cuts)),
  ];
  return pieces.map((reasoningContent) => ({ reasoningContent }));
}

const byteParts = (base64: string, cuts: readonly number[]): Reasoning[] =>
  parts(Buffer.from(base64, 'base64').toString('latin1'), cuts).map((part) => ({
    redactedContent: Buffer.from(part, 'latin1').toString('base64'),
  }));

type Reasoning = Extract<Delta, { reasoningContent: unknown }>['reasoningContent'];

/** The same stream with its text, tool input and reasoning cut at other places. */
export function resplit(events: readonly ConverseEvent[], cuts: readonly number[]): ConverseEvent[] {
  return events.flatMap((event): ConverseEvent[] => {
    if (!('contentBlockDelta' in event)) return [event];
    const { contentBlockIndex, delta } = event.contentBlockDelta;
    return deltas(delta, cuts).map((part) => ({ contentBlockDelta: { contentBlockIndex, delta: part } }));
  });
}

export const cuts = fc.array(fc.nat(400), { maxLength: 40 });
