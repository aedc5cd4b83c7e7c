import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, test } from 'vitest';
import { type EmbeddingsCall, translateRequest } from '../../../../lambda/apis/embeddings/request.ts';
import { loadDecoder } from '../../../../lambda/apis/embeddings/tokens.ts';
import { ByteBudget } from '../../../../lambda/bounds.ts';
import { goldenCases } from '../../../support/golden.ts';

interface Case {
  note: string;
  body: Record<string, unknown>;
  strict?: boolean;
  call?: EmbeddingsCall;
  error?: { param: string; says: string; code: string | null };
}

const read = (body: Record<string, unknown>, strict = false) =>
  translateRequest(body, { strict, decoder: loadDecoder });

describe('requests for embeddings', () => {
  for (const { name, case: golden } of goldenCases<Case>('embeddings/requests')) {
    test(name, async () => {
      const { body, strict, call, error } = golden;
      if (!error) return expect(await read(body, strict)).toEqual(call);
      await expect(read(body, strict)).rejects.toMatchObject({
        status: 400,
        param: error.param,
        code: error.code,
        message: expect.stringContaining(error.says),
      });
    });
  }

  test('2048 texts are allowed and no more', async () => {
    const texts = Array.from({ length: 2048 }, (_, i) => `text ${i}`);
    expect((await read({ model: 'm', input: texts })).request.texts).toHaveLength(2048);
    await expect(read({ model: 'm', input: [...texts, 'one more'] })).rejects.toMatchObject({
      param: 'input',
      message: expect.stringContaining('2049 texts; at most 2048'),
    });
  });

  test('tokens longer than the limit of texts are one text', async () => {
    const input = Array.from({ length: 3000 }, () => 64);
    expect((await read({ model: 'm', input })).request.texts).toHaveLength(1);
  });

  test('text needs no decoder', async () => {
    const decoder = () => expect.fail('the decoder was loaded');
    const { request } = await translateRequest({ model: 'm', input: ['a'] }, { strict: false, decoder });
    expect(request.texts).toEqual(['a']);
  });
});

test('what was encoded is decoded', async () => {
  const decode = await loadDecoder();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
      expect(decode(encode(text, { allowedSpecial: 'all' }), 'input', new ByteBudget())).toBe(text);
    }),
  );
});

test('a character that is cut off leaves nothing behind for the next text', async () => {
  const decode = await loadDecoder();
  const [first = 0, second = 0] = encode('👩');
  expect(decode([first, second], 'input', new ByteBudget())).toBe('\ufffd');
  expect(decode([15339], 'input', new ByteBudget())).toBe('hello');
  expect(() => decode([first, 999_999], 'input', new ByteBudget())).toThrow(/cl100k_base/);
  expect(decode([15339], 'input', new ByteBudget())).toBe('hello');
});
