import { count, fraction, text, texts } from '../body-schema.ts';
import { fromPrompt, type NativeFormat } from '../native-format.ts';

const stopReasonOf = (stopReason: string) => (stopReason === 'max_tokens' ? 'length' : 'stop');

interface MistralBody {
  prompt: string;
  max_tokens?: number;
  stop?: string[];
}

export const mistral: NativeFormat<MistralBody> = {
  schema: {
    type: 'JSONObject',
    members: {
      prompt: text,
      max_tokens: count,
      stop: texts,
      temperature: fraction,
      top_p: fraction,
      top_k: count,
    },
    required: ['prompt'],
  },
  read: ({ prompt, max_tokens, stop }) =>
    fromPrompt(prompt, { maxTokens: max_tokens ?? 512, stopSequences: stop }),
  // A word after [/INST] begins with its space (recorded).
  answer: ({ text: said, stopReason }) => ({
    outputs: [{ text: ` ${said}`, stop_reason: stopReasonOf(stopReason) }],
  }),
  *chunks({ stopReason }, words) {
    for (const [index, word] of words.entries()) {
      const last = index === words.length - 1;
      const said = index === 0 ? ` ${word}` : word;
      yield { outputs: [{ text: said, stop_reason: last ? stopReasonOf(stopReason) : null }] };
    }
  },
};
