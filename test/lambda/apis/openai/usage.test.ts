import { describe, expect, it } from 'vitest';
import { openAiUsage } from '../../../../lambda/apis/openai/usage.ts';

describe('openAiUsage', () => {
  it('counts cached tokens as part of the prompt', () => {
    const counted = { inputTokens: 3, outputTokens: 401, totalTokens: 2193 };
    const usage = openAiUsage({ ...counted, cacheReadInputTokens: 0, cacheWriteInputTokens: 1789 }, 0);
    expect(usage).toEqual({
      prompt_tokens: 1792,
      completion_tokens: 401,
      total_tokens: 2193,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 1789 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
  });

  it('takes null and missing counts as none', () => {
    expect(
      openAiUsage({ inputTokens: 5, outputTokens: 7, totalTokens: 12, cacheReadInputTokens: null }, 4),
    ).toEqual({
      prompt_tokens: 5,
      completion_tokens: 7,
      total_tokens: 12,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 4 },
    });
    const partial = { outputTokens: 2 } as Parameters<typeof openAiUsage>[0];
    expect(openAiUsage(partial, 0)).toMatchObject({ prompt_tokens: 0, total_tokens: 2 });
  });
});
