import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { usualMaxTokens } from '../../../../lambda/fit/max-tokens.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { readSnapshot } from '../../../../local/prices/snapshot.ts';

/** The limits of the snapshot of prices, in which each source has its say, against those of the families. */

const file = new URL('../../../../local/prices/snapshot.json', import.meta.url);
const { models } = readSnapshot(readFileSync(file, 'utf8'));

/** Whose limits the families do not follow, and why. */
const exceptions: readonly (readonly [id: RegExp, why: string])[] = [
  [/^anthropic\.claude-(?:instant|v2)/, 'gone from Bedrock'],
  [
    /^anthropic\.claude-3-7-sonnet/,
    '64K by its card and recorded traffic; one source has the 8K of its predecessor',
  ],
  [/^google\.gemma-4/, 'not on the runtime; one source repeats its context as output'],
  [/^openai\.gpt-oss-\d+b$/, 'the spelling of another endpoint, where the window is 131,072'],
];

const limited = Object.entries(models).flatMap(([id, { kind, limits }]) => {
  const isException = exceptions.some(([pattern]) => pattern.test(id));
  if (kind !== 'text' || !limits || isException) return [];
  const outputs = [limits.maxOutput ?? 0, ...Object.values(limits.maxOutputBy ?? {})];
  return [{ id, card: limits.maxOutput, highest: Math.max(...outputs), capabilities: capabilitiesOf(id) }];
});

describe('what a model may write', () => {
  test('every exception is of a model that there is', () => {
    for (const [pattern] of exceptions) expect(Object.keys(models).some((id) => pattern.test(id))).toBe(true);
    expect(limited.length).toBeGreaterThan(100);
  });

  test.each(limited)('$id: what some source allows is not lowered', ({ highest, capabilities }) => {
    const { maxOutputTokens, contextTokens = Number.POSITIVE_INFINITY } = capabilities;
    // Nothing is longer than the window.
    if (maxOutputTokens !== undefined)
      expect(maxOutputTokens).toBeGreaterThanOrEqual(Math.min(highest, contextTokens));
  });

  test.each(limited)(
    '$id: a silent client is not given more than the card says',
    ({ card, capabilities }) => {
      const usual = usualMaxTokens(capabilities);
      // 8K is 8,000 for one source and 8,192 for another.
      if (usual !== undefined && card !== undefined) expect(usual).toBeLessThanOrEqual(card * 1.024);
    },
  );
});
