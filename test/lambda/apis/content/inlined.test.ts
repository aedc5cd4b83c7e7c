import { describe, expect, test } from 'vitest';
import { inlined, typedFile } from '../../../../lambda/apis/content/inlined.ts';
import { ByteBudget, bounds } from '../../../../lambda/bounds.ts';
import type { FetchedMedia } from '../../../../lambda/canonical/fetched-media.ts';

/** Media that were fetched, for models that read OpenAI's APIs themselves. */

const png = 'iVBORw0KGgo=';
const jpeg = '/9j/4AAQSkZJRg==';
const webp = Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1').toString('base64');
const pdf = 'JVBERi0xLjcK';
const other = 'AAECAwQFBgc=';

const at = (name: string) => `https://example.com/${name}`;
function inline(kind: 'image' | 'document', url: string, media?: FetchedMedia) {
  const fetched = new Map(media && [[url, media]]);
  return inlined(url, kind, 'messages[0].content[1]', { fetched, bytes: new ByteBudget() });
}

describe('what was fetched says what it is', () => {
  // biome-ignore format: a table
  test.each<[string, 'image' | 'document', string, FetchedMedia, string]>([
    ['its type is right', 'image', 'a', { mediaType: 'image/png', bytes: png }, 'image/png'],
    ['its type is spelled in another way', 'image', 'a', { mediaType: 'image/jpg', bytes: jpeg }, 'image/jpeg'],
    ['its type is S3’s for what has none', 'image', 'a', { mediaType: 'binary/octet-stream', bytes: jpeg }, 'image/jpeg'],
    ['it has a name too', 'image', 'a.png', { mediaType: 'application/octet-stream', bytes: webp }, 'image/webp'],
    ['only its name says something', 'image', 'a.gif', { mediaType: '', bytes: other }, 'image/gif'],
    ['its type is wrong', 'image', 'a', { mediaType: 'image/png', bytes: jpeg }, 'image/jpeg'],
    ['a file', 'document', 'a', { mediaType: 'application/pdf', bytes: pdf }, 'application/pdf'],
    ['a file that nobody has given a type', 'document', 'a', { mediaType: 'binary/octet-stream', bytes: pdf }, 'application/pdf'],
    ['a file by its name', 'document', 'a.pdf', { mediaType: '', bytes: other }, 'application/pdf'],
    ['a file of another type', 'document', 'a.txt', { mediaType: 'text/plain', bytes: 'aGk=' }, 'text/plain'],
    ['a file of no type at all', 'document', 'a', { mediaType: '', bytes: other }, 'application/octet-stream'],
  ])('%s', (_, kind, name, media, type) => {
    expect(inline(kind, at(name), media)).toBe(`data:${type};base64,${media.bytes}`);
  });

  test('an image that is none is refused, and its place named', () => {
    expect(() => inline('image', at('a'), { mediaType: 'binary/octet-stream', bytes: other })).toThrow(
      expect.objectContaining({ status: 400, param: 'messages[0].content[1]' }),
    );
  });

  test.each(['', 'application/octet-stream', ';charset=binary'])(
    'an image whose own data URL says `%s` says what it is, as by Converse',
    (type) => {
      expect(inline('image', `data:${type};base64,${jpeg}`)).toBe(`data:image/jpeg;base64,${jpeg}`);
      expect(() => inline('image', `data:${type};base64,${other}`)).toThrow(/no PNG, JPEG, GIF or WebP/);
    },
  );

  test('what was not fetched stays as it is', () => {
    for (const url of [`data:image/png;base64,${png}`, 's3://bucket/a.png', 'file-123'])
      expect(inline('image', url)).toBe(url);
  });

  test('each time that it is used it counts', () => {
    const bytes = new ByteBudget();
    const large = { mediaType: 'image/png', bytes: png.padEnd(bounds.upstreamBytes / 2 + 4, 'A') };
    const use = () => inlined(at('a'), 'image', 'here', { fetched: new Map([[at('a'), large]]), bytes });
    use();
    expect(use).toThrow(expect.objectContaining({ status: 413 }));
  });
});

test.each<[string, string, unknown, string]>([
  ['base64 alone of a PDF', pdf, undefined, `data:application/pdf;base64,${pdf}`],
  ['base64 alone, whose name says what it is', 'YSxi', 'a.b.CSV', 'data:text/csv;base64,YSxi'],
  ['base64 alone of a spreadsheet', 'YSxi', 'a.xls', 'data:application/vnd.ms-excel;base64,YSxi'],
  ['base64 alone of what nobody knows', 'YSxi', null, 'data:application/octet-stream;base64,YSxi'],
  ['a data URL without a type', 'data:;charset=utf-8;base64,e30=', 'a.json', 'data:text/plain;base64,e30='],
  ['a PDF that is said to be anything', `data:application/octet-stream;base64,${pdf}`, 'a', `data:application/pdf;base64,${pdf}`],
  ['another type', 'data:application/json;base64,e30=', 'a.pdf', 'data:application/json;base64,e30='],
  ['an address in S3', 's3://a/b.pdf', 'b.pdf', 's3://a/b.pdf'],
  ['nothing', '', '', 'data:application/octet-stream;base64,'],
])('a file as data with its type: %s', (_, data, filename, expected) => {
  expect(typedFile(data, filename)).toBe(expected);
}); // biome-ignore format: a table
