import fc from 'fast-check';
import { expect, test } from 'vitest';
import { translateEmbeddings } from '../../../../lambda/apis/embeddings/response.ts';

const usage = { tokens: 7, estimated: false };

test('a list of embeddings in their order', () => {
  expect(translateEmbeddings({ vectors: [[1, 2], [3]], usage }, 'm', 'float')).toEqual({
    object: 'list',
    data: [
      { object: 'embedding', index: 0, embedding: [1, 2] },
      { object: 'embedding', index: 1, embedding: [3] },
    ],
    model: 'm',
    usage: { prompt_tokens: 7, total_tokens: 7 },
  });
});

test('an estimate says so', () => {
  const body = translateEmbeddings({ vectors: [], usage: { tokens: 7, estimated: true } }, 'm', 'float');
  expect(body.usage).toEqual({ prompt_tokens: 7, total_tokens: 7, estimated: true });
});

test('base64 is the same numbers as 32-bit floats, little-endian', () => {
  expect(translateEmbeddings({ vectors: [[1, -2]], usage }, 'm', 'base64').data[0]?.embedding).toBe(
    'AACAPwAAAMA=',
  );
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1 }), (vector) => {
      const [first] = translateEmbeddings({ vectors: [vector], usage }, 'm', 'base64').data;
      const bytes = Buffer.from(String(first?.embedding), 'base64');
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      expect(vector.map((_, i) => view.getFloat32(i * 4, true))).toEqual(vector);
    }),
  );
});
