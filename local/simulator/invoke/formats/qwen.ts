import { text, texts } from '../body-schema.ts';
import type { NativeFormat } from '../native-format.ts';
import { type LlamaBody, llama } from './llama.ts';

/** Qwen imported before November 2025: control tokens around the text, usage in OpenAI's words (LiteLLM). */
export const qwen: NativeFormat<LlamaBody> = {
  schema: {
    ...llama.schema,
    members: { ...llama.schema.members, prompt: text, stop: texts, top_k: { type: 'Integer' } },
  },
  read: (body) => llama.read(body),
  answer: ({ text: said, inputTokens, outputTokens }) => ({
    text: `<|im_start|>assistant\n${said}<|im_end|>`,
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  }),
  *chunks(_, words) {
    yield { text: '<|im_start|>assistant\n' };
    for (const word of words) yield { text: word };
    yield { text: '<|im_end|>', stop_reason: 'stop' };
  },
};
