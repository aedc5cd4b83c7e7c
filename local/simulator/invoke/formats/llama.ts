import { count, fraction, text } from '../body-schema.ts';
import { fromPrompt, type NativeFormat } from '../native-format.ts';

const stopReasonOf = (stopReason: string) => (stopReason === 'max_tokens' ? 'length' : 'stop');

export interface LlamaBody {
  prompt: string;
  max_gen_len?: number;
}

/** Llama, and Bedrock's own completion, which newer imports take as well. */
export const llama: NativeFormat<LlamaBody> = {
  schema: {
    type: 'JSONObject',
    members: { prompt: text, max_gen_len: count, temperature: fraction, top_p: fraction },
    required: ['prompt'],
  },
  read: ({ prompt, max_gen_len }) => fromPrompt(prompt, { maxTokens: max_gen_len ?? 512 }),
  answer: ({ text: generation, inputTokens, outputTokens, stopReason }) => ({
    generation,
    prompt_token_count: inputTokens,
    generation_token_count: outputTokens,
    stop_reason: stopReasonOf(stopReason),
  }),
  *chunks({ inputTokens, stopReason }, words) {
    for (const [index, generation] of words.entries()) {
      yield {
        generation,
        // Only in the first chunk (recorded).
        prompt_token_count: index === 0 ? inputTokens : null,
        generation_token_count: index + 1,
        stop_reason: index === words.length - 1 ? stopReasonOf(stopReason) : null,
      };
    }
  },
};

export const bedrockCompletion: NativeFormat<LlamaBody> = {
  ...llama,
  schema: {
    ...llama.schema,
    members: { ...llama.schema.members, response_format: { type: 'JSONObject', open: true } },
  },
  answer: (said, body) => ({ ...llama.answer(said, body), logprobs: null }),
};
