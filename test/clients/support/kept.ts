import { expect } from 'vitest';
import { redactedData, signatureOf } from '../../../local/simulator/answer/ids.ts';
import type { CallLog } from '../../../local/simulator/index.ts';
import { redactedIn, thinkingIn } from './upstream.ts';

export interface Kept {
  signed: boolean;
  redacted: boolean;
}

/**
 * Fails unless a call's history has the reasoning of so many answers as the simulator wrote it: signed for exactly its
 * text, or redacted.
 */
export function expectReasoning(call: CallLog, { signed, redacted }: Kept, answers: number): void {
  const thoughts = thinkingIn(call);
  if (signed) {
    expect(thoughts).toHaveLength(answers);
    expect(thoughts.every(({ thinking }) => thinking !== '')).toBe(true);
    expect(thoughts).toEqual(
      thoughts.map((thought) => ({ ...thought, signature: signatureOf(thought.thinking) })),
    );
  }
  if (redacted) expect(redactedIn(call)).toEqual(Array.from({ length: answers }, () => redactedData));
}
