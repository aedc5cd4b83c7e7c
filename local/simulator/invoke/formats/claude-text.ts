import { count, text, texts } from '../body-schema.ts';
import { fromPrompt, type NativeFormat, type Said } from '../native-format.ts';

interface TextBody {
  prompt: string;
  max_tokens_to_sample: number;
  stop_sequences?: string[];
}

const reasonOf = ({ stopReason }: Said) => (stopReason === 'max_tokens' ? 'max_tokens' : 'stop_sequence');
const stopOf = ({ stopReason, stopSequence }: Said) =>
  stopReason === 'max_tokens' ? null : (stopSequence ?? '\n\nHuman:');

/** Text completions of Claude 2 and Instant. */
export const claudeText: NativeFormat<TextBody> = {
  schema: {
    type: 'JSONObject',
    members: { prompt: text, max_tokens_to_sample: count, stop_sequences: texts },
    required: ['prompt', 'max_tokens_to_sample'],
    open: true,
  },
  read: ({ prompt, max_tokens_to_sample, stop_sequences }) =>
    fromPrompt(prompt, { maxTokens: max_tokens_to_sample, stopSequences: stop_sequences }),
  answer: (said) => ({
    type: 'completion',
    completion: ` ${said.text}`,
    stop_reason: reasonOf(said),
    stop: stopOf(said),
  }),
  *chunks(said, words) {
    for (const completion of words) yield { type: 'completion', completion, stop_reason: null, stop: null };
    yield { type: 'completion', completion: '', stop_reason: reasonOf(said), stop: stopOf(said) };
  },
};
