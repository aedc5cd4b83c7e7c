import { describe, expect, it } from 'vitest';
import type { ToolResultContent } from '../../../../lambda/canonical/types.ts';
import { withoutResultStatus } from '../../../../lambda/fit/tools/history.ts';

const image: ToolResultContent = { image: { format: 'png', source: { bytes: 'AAAA' } } };

const sent = (content: ToolResultContent[], status?: 'success' | 'error') => {
  const toolResult = { toolUseId: 'a', content, ...(status && { status }) };
  return withoutResultStatus([{ role: 'user', content: [{ toolResult }] }])[0]!.content[0];
};

describe('a result for a model that takes no status', () => {
  it.each<[string, ToolResultContent[], ToolResultContent[]]>([
    ['a text', [{ text: 'Exit code 3' }], [{ text: 'Error: Exit code 3' }]],
    ['a text that says so itself', [{ text: 'ERROR 404' }], [{ text: 'ERROR 404' }]],
    ['a word that only looks like it', [{ text: 'Errors: 0' }], [{ text: 'Error: Errors: 0' }]],
    ['the first of several', [{ text: 'a' }, { text: 'b' }], [{ text: 'Error: a' }, { text: 'b' }]],
    ['JSON', [{ json: { code: 3 } }], [{ text: 'Error:' }, { json: { code: 3 } }]],
    ['media', [image], [{ text: 'Error:' }, image]],
    ['nothing', [], [{ text: 'Error:' }]],
  ])('says in words that it failed: %s', (_, content, expected) => {
    expect(sent(content, 'error')).toEqual({ toolResult: { toolUseId: 'a', content: expected } });
  });

  it.each([undefined, 'success'] as const)('is what it was where it did not fail: %s', (status) => {
    const content = [{ text: 'fine' }, image];
    expect(sent(content, status)).toEqual({ toolResult: { toolUseId: 'a', content } });
  });
});
