import { describe, expect, it } from 'vitest';
import { customInput } from '../../../../lambda/apis/openai/custom-tool.ts';

describe('customInput', () => {
  it.each([
    ['{"input":"a\\nb"}', 'a\nb'],
    ['{"input":""}', ''],
    // A stream of such a call may have no piece of its arguments at all, and an answer in one piece has these.
    ['', ''],
    ['{}', ''],
    ['{"other":1}', '{"other":1}'],
    ['{"input":1}', '{"input":1}'],
    ['{"input":"cut o', '{"input":"cut o'],
  ])('%s is %j', (argumentsJson, input) => {
    expect(customInput(argumentsJson)).toBe(input);
  });
});
