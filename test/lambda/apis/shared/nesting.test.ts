import { expect, test } from 'vitest';
import { isNestedTooDeep, maxNesting } from '../../../../lambda/apis/shared/nesting.ts';

const nested = (levels: number, open = '[', close = ']') =>
  JSON.parse(open.repeat(levels) + (open === '[' ? '' : '1') + close.repeat(levels));

test.each([
  ['a value without levels', 'text', false],
  ['null', null, false],
  ['as deep as allowed', nested(maxNesting), false],
  ['one level more', nested(maxNesting + 1), true],
  ['objects', nested(maxNesting + 1, '{"a":', '}'), true],
  ['far deeper than a call stack', nested(100_000), true],
  ['deep in one branch only', { flat: [1, 2], deep: [nested(maxNesting - 1)] }, true],
  ['wide', Array.from({ length: 50_000 }, () => [{}]), false],
])('%s', (_what, value, tooDeep) => {
  expect(isNestedTooDeep(value)).toBe(tooDeep);
});
