import { describe, expect, it } from 'vitest';
import { openAiUsage } from '../../../lambda/canonical/usage.ts';

describe('openAiUsage', () => {
  it('counts cached tokens as part of the prompt', () => {
    const usage = openAiUsage({
      inputTokens: 3,
      outputTokens: 401,
      totalTokens: 2193,
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 1789,
    });
    expect(usage).toEqual({
      prompt_tokens: 1792,
      completion_tokens: 401,
      total_tokens: 2193,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 1789 },
    });
  });

  it('takes null and missing counts as none, and tells reasoning tokens only where they are known', () => {
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
    expect(openAiUsage(partial)).toMatchObject({ prompt_tokens: 0, total_tokens: 2 });
  });
});
