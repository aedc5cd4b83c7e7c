import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsPattern } from '../../../lambda/auth/scope.ts';

const allows = (patterns: string[], model: string) => patterns.some((pattern) => fitsPattern(pattern, model));

describe('a pattern', () => {
  it.each([
    [[], 'anything', false],
    [['*'], 'anything', true],
    [['*'], '', true],
    [['amazon.nova-lite-v1:0'], 'amazon.nova-lite-v1:0', true],
    [['amazon.nova-lite-v1:0'], 'amazon.nova-lite-v1:00', false],
    [['amazon.nova-*'], 'amazon.nova-pro-v1:0', true],
    [['amazon.nova-*'], 'us.amazon.nova-pro-v1:0', false],
    [['*.amazon.nova-*'], 'us.amazon.nova-pro-v1:0', true],
    [['*claude*', 'x'], 'us.anthropic.claude-sonnet-4-5', true],
    [['a*b*c'], 'a-b-b-c', true],
    [['a*b*c'], 'a-c-b', false],
    [['ab*ba'], 'aba', false],
    [['ab*ba'], 'abba', true],
    [['a*ab*b'], 'aabb', true],
    [['a*ab*b'], 'aab', false],
    [['a.c'], 'abc', false],
    [['**a**'], 'a', true],
    [['Claude'], 'claude', false],
  ])('%j and %s: %s', (models, model, allowed) => {
    expect(allows(models, model)).toBe(allowed);
  });

  it('is what a regular expression would say', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(text, name, (pattern, model) => {
        expect(allows([pattern], model)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(model));
      }),
    );
  });
});
