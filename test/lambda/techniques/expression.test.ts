import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { written } from '../../../lambda/fields.ts';
import { techniqueNames } from '../../../lambda/settings/techniques.ts';
import {
  branchesOf,
  type Expression,
  parseExpression,
  renderExpression,
  stagesOf,
  without,
} from '../../../lambda/techniques/expression.ts';

const parse = (text: string) => parseExpression(text, written('optimisation'));
const names = (text: string) =>
  branchesOf(parse(text)).map((branch) => branch.map(({ name }) => name).join('&'));

describe('an expression', () => {
  test.each([
    ['bon', 'bon'],
    [' re2 & bon ', 're2&bon'],
    ['(re2)', 're2'],
    ['((re2&bon))|moa', 're2&bon|moa'],
    ['re2&(bon&moa)', 're2&bon&moa'],
    ['a|(b|c)'.replace('a', 're2').replace('b', 'bon').replace('c', 'moa'), 're2|bon|moa'],
    ['privacy&( re2 | bon )', 'privacy&(re2|bon)'],
    ['bon( n = 2 )', 'bon(n=2)'],
    ['mcts(exploration=0.50,n=2)', 'mcts(exploration=0.50,n=2)'],
  ])('%s is %s', (text, canonical) => {
    expect(renderExpression(parse(text))).toBe(canonical);
  });

  test.each([
    ['re2&bon|re2', ['re2&bon', 're2']],
    ['(re2|bon)&moa', ['re2&moa', 'bon&moa']],
    ['memory&(re2|bon)', ['memory&re2', 'memory&bon']],
    ['(re2|bon)&(moa|leap)', ['re2&moa', 're2&leap', 'bon&moa', 'bon&leap']],
    ['none|re2', ['none', 're2']],
  ])('%s has the branches %j', (text, branches) => {
    expect(names(text)).toEqual(branches);
  });

  test.each([
    ['', 'invalid_technique', /missing/],
    ['bon&', 'invalid_technique', /missing/],
    ['&bon', 'invalid_technique', /character 1/],
    ['(bon|moa', 'invalid_technique', /not closed/],
    ['bon)', 'invalid_technique', /not opened/],
    ['bon moa', 'invalid_technique', /operator/],
    ['bon(n)', 'invalid_technique', /name=number/],
    ['bon(n=x)', 'invalid_technique', /name=number/],
    ['bon(n=1,n=2)', 'invalid_technique', /twice/],
    ['foo', 'unknown_technique', /foo.*moa/],
    ['BON', 'unknown_technique', /BON/],
    [Array(9).fill('re2').join('&'), 'invalid_technique', /8/],
    ['(((((re2)))))', 'invalid_technique', /4/],
  ])('%s is refused', (text, code, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code, param: 'optimisation' }));
    expect(() => parse(text)).toThrow(message);
  });

  test('what is rendered reads as the same expression', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = renderExpression(expression);
        expect(renderExpression(parse(text))).toBe(text);
        expect(branchesOf(parse(text))).toEqual(branchesOf(expression));
      }),
    );
  });

  test('any text is read or refused with a 400', () => {
    const pieces = fc.array(fc.constantFrom('bon', 're2', '&', '|', '(', ')', ' ', 'n=2', ',', 'x', '-'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(pieces, (texts) => {
        try {
          parse(texts.join(''));
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
  });

  test('without some of its stages it keeps its branches, and no other stage', () => {
    fc.assert(
      fc.property(expressions, fc.constantFrom(...techniqueNames), (expression, name) => {
        const left = without(expression, (stage) => stage.name !== name);
        expect(branchesOf(left)).toHaveLength(branchesOf(expression).length);
        const staying = stagesOf(left).filter((stage) => stage.name !== 'none');
        expect(staying).toEqual(
          stagesOf(expression).filter((stage) => stage.name !== name && stage.name !== 'none'),
        );
      }),
    );
  });
});

const stage = fc
  .constantFrom(...techniqueNames)
  .map((name): Expression => ({ kind: 'stage', name, params: [] }));
/** At most eight names, two levels deep. */
const expressions: fc.Arbitrary<Expression> = fc
  .array(fc.array(fc.array(stage, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((any) =>
    join(
      'any',
      any.map((all) =>
        join(
          'all',
          all.map((parts) => join('any', parts)),
        ),
      ),
    ),
  );

function join(kind: 'all' | 'any', parts: Expression[]): Expression {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [only] = flat;
  return only && flat.length === 1 ? only : { kind, parts: flat };
}
