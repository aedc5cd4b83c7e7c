import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTooLong, tooLongError } from '../../../../lambda/backends/embed/too-long.ts';
import { faultError } from '../../../../lambda/backends/errors/call-error.ts';
import { field } from '../../../../lambda/fields.ts';

const refusal = (message: string) => faultError({ name: 'ValidationException', message }, { model: 'm' });
const read = (message: string, texts: string[], maxCharacters?: number) =>
  readTooLong(refusal(message), texts, { ...(maxCharacters && { maxCharacters }) });

describe('the words for a text that is too long', () => {
  test.each([
    [
      'Malformed input request: #/texts/1: expected maxLength: 2048, actual: 3000, please reformat your input and try again.',
      ['a', 'b'],
      { text: 1, size: { limit: 2048, actual: 3000, unit: 'characters' } },
    ],
    [
      'Malformed input request: #/inputText: expected maxLength: 50000, actual: 50001, please reformat your input and try again.',
      ['a'],
      { text: 0, size: { limit: 50_000, actual: 50_001, unit: 'characters' } },
    ],
    [
      'Malformed input request: #/singleEmbeddingParams/text/value: expected maxLength: 8192, actual: 9000, please reformat your input and try again.',
      ['a'],
      { text: 0, size: { limit: 8192, actual: 9000, unit: 'characters' } },
    ],
    [
      '400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9000 ',
      ['a'],
      { text: 0, size: { limit: 8192, actual: 9000, unit: 'tokens' } },
    ],
    [
      'The model returned the following errors: 400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: 9000 ',
      ['a'],
      { text: 0, size: { limit: 8192, actual: 9000, unit: 'tokens' } },
    ],
    ['Input is too long for requested model.', ['a'], { text: 0 }],
    ['Input is too long for requested model.', ['a', 'b'], {}],
  ])('%s', (message, texts, expected) => {
    expect(read(message, texts)).toEqual(expected);
  });

  test('several that are too long are counted and not named: the first that the family does not take', () => {
    const message =
      'Malformed input request: 2 schema violations found, please reformat your input and try again.';
    expect(read(message, ['a', 'bbbb', 'cccccc'], 3)).toEqual({
      text: 1,
      size: { limit: 3, actual: 4, unit: 'characters' },
    });
    expect(read(message, ['a', 'b'], 3)).toBeUndefined();
    expect(read(message, ['a', 'bbbb'])).toBeUndefined();
  });

  test.each([
    'Malformed input request: #/texts: expected maximum item count: 96, found: 97, please reformat your input and try again.',
    'Malformed input request: #/input_type: expected maxLength: 20, actual: 30, please reformat your input and try again.',
    'Malformed input request: #/dimensions: 5 is not a valid enum value, please reformat your input and try again.',
    'something about #/texts/1: expected maxLength: 2048, actual: 3000',
    '',
  ])('%j is about something else', (message) => {
    expect(read(message, ['a', 'b'], 3)).toBeUndefined();
  });

  test('whatever the numbers are, the error names the text, the limit and the length', () => {
    fc.assert(
      fc.property(fc.nat(95), fc.nat(1e6), fc.nat(1e6), (index, limit, actual) => {
        const message = `Malformed input request: #/texts/${index}: expected maxLength: ${limit}, actual: ${actual}, please reformat your input and try again.`;
        const error = refusal(message);
        const tooLong = readTooLong(error, ['a', 'b'], {});
        expect(tooLong?.text).toBe(index);
        const told = tooLongError(error, tooLong ?? {}, field('input', index));
        expect(told).toMatchObject({
          status: 400,
          code: 'context_length_exceeded',
          param: `input[${index}]`,
          message: `This model's maximum context length is ${limit} characters for each text. However, \`input[${index}]\` has ${actual} characters. Please shorten the text, or split it into several.`,
        });
      }),
    );
  });
});
