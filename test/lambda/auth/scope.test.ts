import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isModelAllowed, modelNotAllowed } from '../../../lambda/auth/scope.ts';

const allows = (models: string[] | undefined, model: string) => isModelAllowed({ name: 'k', models }, model);

describe('the scope of a key', () => {
  it.each([
    [undefined, 'anything', true],
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

  it('outside of it is a 403 that names the model', () => {
    const error = modelNotAllowed('m');
    expect(error).toMatchObject({
      status: 403,
      type: 'permission_error',
      code: 'model_not_allowed',
      param: 'model',
    });
    expect(error.message).toContain('`m`');
  });
});
