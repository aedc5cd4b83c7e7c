import type { NativeFormat } from '../native-format.ts';
import { mistral } from './mistral.ts';

const stopReasonOf = (stopReason: string) => (stopReason === 'max_tokens' ? 'length' : 'stop');

/** DeepSeek-R1 and what was distilled from it. */
export const deepseek: NativeFormat = {
  schema: mistral.schema,
  read: mistral.read,
  answer: ({ text, stopReason }) => ({ choices: [{ text, stop_reason: stopReasonOf(stopReason) }] }),
  *chunks({ stopReason }, words) {
    for (const [index, text] of words.entries()) {
      const last = index === words.length - 1;
      yield { choices: [{ text, stop_reason: last ? stopReasonOf(stopReason) : null }] };
    }
  },
};
