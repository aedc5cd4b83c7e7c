import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wellFormedJson } from '../../../lambda/canonical/well-formed.ts';
import { codeUnits, wellFormed } from '../../support/code-units.ts';

describe('JSON without halves of surrogate pairs', () => {
  test.each<[string, unknown, string]>([
    ['a high half in the middle', 'cut \ud83d here', '"cut \ufffd here"'],
    ['a low half at the end', 'a\ude00', '"a\ufffd"'],
    ['halves in the wrong order', '\ude00\ud83d', '"\ufffd\ufffd"'],
    ['two high halves and a whole pair', '\ud83d\ud83d\ude00', '"\ufffd😀"'],
    ['names of members', { 'a\ud800': { '\udfff': 1 } }, '{"a\ufffd":{"\ufffd":1}}'],
    ['a backslash and letters that only look like one', '\\ud83d', '"\\\\ud83d"'],
    ['a backslash before one', '\\\ud83d', '"\\\\\ufffd"'],
    ['other escapes', '\u0007"\n\\\ud83d', '"\\u0007\\"\\n\\\\\ufffd"'],
    ['neighbours of the range', '\ud7ff\ue000', '"\ud7ff\ue000"'],
  ])('%s', (_what, value, json) => {
    expect(wellFormedJson(value)).toBe(json);
  });

  test('says the same for any value, with U+FFFD for each half', () => {
    const values = fc.jsonValue({ stringUnit: 'binary' }).chain((value) =>
      fc.oneof(
        fc.constant(value),
        codeUnits.map((text) => [text, { [text]: text }, value]),
      ),
    );
    fc.assert(
      fc.property(values, (value) => {
        const plain = JSON.stringify(value);
        expect(JSON.parse(wellFormedJson(value))).toEqual(wellFormed(JSON.parse(plain)));
        if (!plain.includes('\\ud')) expect(wellFormedJson(value)).toBe(plain);
      }),
    );
  });
});
