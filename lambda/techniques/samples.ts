import type { Calls, Conversation, InnerCall, Reply } from './types.ts';

/** The same call several times at once, varied by temperature. */
export function sampleCalls(n: number, role: string, { messages }: Conversation): InnerCall[] {
  return Array.from({ length: n }, () => ({ role, class: 'sample', messages, temperature: 1 }));
}

/** Samples that may be the answer: whole ones, and where there are none those that were cut off. */
export interface Candidates {
  usable: Reply[];
  /** Those that were cut off with them. */
  withCutOff: Reply[];
  /** The answer where no sample is usable: what a filter left, or nothing. */
  first: Reply;
}

export async function takeSamples(
  calls: Calls,
  samples: readonly InnerCall[],
  each?: (reply: Reply) => void,
): Promise<Candidates> {
  const replies = (await calls.all(samples, { each })).filter((reply) => reply !== undefined);
  const [first] = replies;
  if (!first) throw new Error('unreachable: when all fail the error is thrown');
  const usable = replies.filter((reply) => reply.usable);
  const whole = usable.filter(({ cutOff }) => !cutOff);
  return { usable: whole.length > 0 ? whole : usable, withCutOff: usable, first };
}

/** The one with the highest number, the earlier of equals; undefined where none has one. */
export function best<T>(items: readonly T[], worth: (item: T) => number | undefined): T | undefined {
  let found: { item: T; value: number } | undefined;
  for (const item of items) {
    const value = worth(item);
    if (value !== undefined && (found === undefined || value > found.value)) found = { item, value };
  }
  return found?.item;
}
