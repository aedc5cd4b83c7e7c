import { describe, expect, it } from 'vitest';
import { reasoningTokens } from '../../../lambda/canonical/usage.ts';

describe('reasoningTokens', () => {
  it.each([
    ['no reasoning was seen', { reasoned: false, visibleBytes: 0 }, 0],
    ['what the visible part does not account for', { reasoned: true, visibleBytes: 10 }, 97],
    ['all of it', { reasoned: true, visibleBytes: 0 }, 100],
    ['never less than none', { reasoned: true, visibleBytes: 4000 }, 0],
  ])('%s', (_what, seen, tokens) => {
    expect(reasoningTokens({ outputTokens: 100 }, seen)).toBe(tokens);
  });

  it('is none where nothing was counted', () => {
    expect(reasoningTokens({}, { reasoned: true, visibleBytes: 0 })).toBe(0);
  });
});
