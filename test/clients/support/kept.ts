import { expect } from 'vitest';
import { redactedData, signatureOf } from '../../../local/simulator/answer/ids.ts';
import type { CallLog } from '../../../local/simulator/index.ts';
import { isThoughtOf } from '../../../local/simulator/openai/responses/encrypted.ts';
import { hiddenIn, thinkingIn } from './upstream.ts';

export interface Kept {
  signed: boolean;
  hidden: boolean;
}

/**
 * Fails unless a call's history has the reasoning of so many answers as the simulator wrote it: signed for exactly its
 * text, or encrypted.
 */
export function expectReasoning(call: CallLog, { signed, hidden }: Kept, answers: number): void {
  const thoughts = thinkingIn(call);
  if (signed) {
    expect(thoughts).toHaveLength(answers);
    expect(thoughts.every(({ thinking }) => thinking !== '')).toBe(true);
    expect(thoughts).toEqual(
      thoughts.map((thought) => ({ ...thought, signature: signatureOf(thought.thinking) })),
    );
  }
  if (hidden) {
    const thoughts = hiddenIn(call);
    expect(thoughts).toHaveLength(answers);
    expect(thoughts.filter((thought) => !isOurs(thought, call))).toEqual([]);
  }
}

function isOurs(thought: string, { body }: CallLog): boolean {
  const { model = '' } = body as { model?: string };
  return thought === redactedData || isThoughtOf(thought, model.replace(/^(us|global)\./, ''));
}
