import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../../../lambda/apis/rerank/documents.ts';
import { readParameters, translateDocuments } from '../../../../lambda/apis/rerank/request.ts';

const title = { title: 'A', body: 'B', none: null, list: [1, { a: 2 }] };

describe('the text of a document', () => {
  test.each<[string, string | Record<string, unknown>, string[] | undefined, string]>([
    ['a text', 'as it is', undefined, 'as it is'],
    ['a text, whatever the fields', 'as it is', ['title'], 'as it is'],
    ['its text', { text: 'T', title: 'A' }, undefined, 'T'],
    ['a named field alone', { text: 'T', title: 'A' }, ['title'], 'A'],
    ['named fields, in the order of the names', title, ['body', 'title'], 'body: B\ntitle: A'],
    ['all members, those that are null left out', title, undefined, 'title: A\nbody: B\nlist: [1,{"a":2}]'],
    ['a field that is no text', title, ['list'], '[1,{"a":2}]'],
    ['a field that is missing beside one that is there', title, ['other', 'title'], 'A'],
  ])('%s', (_, document, fields, text) => {
    expect(textOf(document, fields, 'documents[0]')).toBe(text);
  });

  test.each([
    ['', undefined],
    [{}, undefined],
    [{ title: null }, ['title']],
    [{ title: 'A' }, ['other']],
    [{ title: 'A' }, ['constructor', '__proto__', 'toString']],
  ])('%j by %j: none, which is refused by its path', (document, fields) => {
    expect(() => textOf(document, fields, 'documents[7]')).toThrow(
      expect.objectContaining({ status: 400, param: 'documents[7]' }),
    );
  });
});

const read = (body: object) => translateDocuments(readParameters({ model: 'm', query: 'q', ...body }, false));

test('as many documents as are sent, each in its place; top_n is never more than they are', () => {
  const document = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.record({ text: fc.string({ minLength: 1 }), more: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      (documents, top_n) => {
        const { request, echo } = read({ documents, top_n, return_documents: true });
        expect(request.documents).toEqual(
          documents.map((each) => (typeof each === 'string' ? each : each.text)),
        );
        expect(request.topN).toBe(Math.min(top_n, documents.length));
        expect(echo).toEqual(documents);
      },
    ),
  );
});

test('names of fields that make much of little are bounded: their number, and what they come to', () => {
  const documents = Array.from({ length: 1000 }, () => ({ text: 'a' }));
  const rank_fields = Array.from({ length: 51 }, (_, i) => `field ${i}`);
  expect(() => read({ documents, rank_fields })).toThrow(
    expect.objectContaining({ status: 400, param: 'rank_fields' }),
  );
  const wide = Object.fromEntries(rank_fields.slice(1).map((name) => [`${name}${'x'.repeat(1000)}`, 'a']));
  expect(() => read({ documents: documents.map(() => wide) })).toThrow(
    expect.objectContaining({ status: 413, code: 'request_too_large' }),
  );
});
