import { promptFormat } from '../prompt-format.ts';

/** Qwen 2 to 3, as LiteLLM calls imported ones (its `amazon_qwen3_transformation`); AWS has no page for it. */
export const qwen = promptFormat({
  names: { maxTokens: 'max_gen_len', stop: 'stop' },
  template: 'chatml',
  capabilities: { topK: 'top_k', leaks: 'think-tags' },
});
