import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToolInput, toolInputText } from '../../../lambda/canonical/tool-input.ts';

describe('tool input', () => {
  it.each([
    ['', {}],
    [' \n', {}],
    ['{"a":1}', { a: 1 }],
    ['[1]', [1]],
    ['{"a":', '{"a":'],
    ['5', '5'],
    ['"x"', '"x"'],
    ['null', 'null'],
  ])('%j is %j', (text, value) => {
    expect(parseToolInput(text)).toEqual(value);
  });

  it('writes none as {}', () => {
    expect(toolInputText(undefined)).toBe('{}');
    expect(toolInputText(null)).toBe('{}');
  });

  it('keeps the JSON value of any text that is JSON, and any other text whole', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const again = toolInputText(parseToolInput(text));
        const value = (json: string): unknown => {
          try {
            return JSON.parse(json);
          } catch {
            return json.trim() === '' ? {} : json;
          }
        };
        expect(value(again)).toEqual(value(text));
      }),
    );
  });
});
