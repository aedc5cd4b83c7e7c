import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEdit } from '../../../../lambda/apis/images/form.ts';
import { readPictures } from '../../../../lambda/apis/images/pictures.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { file, png } from '../../../support/images.ts';

const photo = png({ width: 4, height: 4, samples: 1 });

async function sent(entries: readonly (readonly [string, string | File])[]) {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  return readEdit(new Uint8Array(await response.arrayBuffer()), type);
}

describe('a form', () => {
  test('numbers and flags are read as such, words stay words', async () => {
    const { fields } = await sent([
      ['model', '7'],
      ['prompt', 'true'],
      ['n', '2'],
      ['seed', '007'],
      ['strength', '0.5'],
      ['stream', 'false'],
      ['creativity', 'high'],
    ]);
    expect(fields).toEqual({
      model: '7',
      prompt: 'true',
      n: 2,
      seed: 7,
      strength: 0.5,
      stream: false,
      creativity: 'high',
    });
  });

  test.each([
    ['image', ['image']],
    ['image[]', ['image[]', 'image[]']],
    ['image[0]', ['image[0]', 'image[1]']],
  ])('files by the name %s, in their order', async (_, names) => {
    const body = await sent(names.map((name) => [name, file(photo)]));
    expect(readPictures(body).images).toEqual(
      names.map(() => ({ bytes: photo.toString('base64'), format: 'png' })),
    );
  });

  test('images as data URLs, in their order', async () => {
    const other = png({ width: 5, height: 4, samples: 1 });
    const urls = [photo, other].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`);
    for (const name of ['image', 'image[]', 'images']) {
      const { images } = readPictures(await sent(urls.map((url) => [name, url])));
      expect(images.map(({ bytes }) => bytes)).toEqual([photo, other].map((each) => each.toString('base64')));
    }
  });

  test('a parameter that stands there twice is no single value', async () => {
    const { fields } = await sent([
      ['model', 'a'],
      ['model', 'b'],
    ]);
    expect(fields).toEqual({ model: ['a', 'b'] });
  });

  test('what was left empty is not given', async () => {
    const body = await sent([
      ['prompt', ''],
      ['n', ''],
      ['size', ''],
      ['image', file(photo)],
      ['mask', new File([], '', { type: 'application/octet-stream' })],
    ]);
    expect(body.fields).toEqual({});
    expect(readPictures(body).mask).toBeUndefined();
    // A file that has a name and nothing in it is a mistake of somebody's.
    await expect(
      sent([
        ['image', file(photo)],
        ['mask', file(Buffer.alloc(0))],
      ]).then(readPictures),
    ).rejects.toMatchObject({ status: 400, param: 'mask' });
  });

  test('a name that objects have of themselves is a field like any other', async () => {
    const { fields } = await sent([['__proto__', 'x']]);
    expect(Object.keys(fields)).toEqual(['__proto__']);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  test('any bytes: a form, or a 400', async () => {
    const piece = fc.constantFrom(
      '--x',
      '\r\n',
      '--',
      'content-disposition: form-data; name="a"',
      '; filename="b"',
      'c',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const bytes = new Uint8Array(Buffer.from(pieces.join('')));
        const error = await readEdit(bytes, 'multipart/form-data; boundary=x').catch((each) => each);
        if (!(error instanceof GatewayError)) expect(error).toHaveProperty('fields');
        else expect(error.status).toBe(400);
      }),
    );
  });
});

describe('JSON', () => {
  test('with a mark of its encoding before it', async () => {
    const bytes = new Uint8Array(Buffer.from('\ufeff{"prompt":"ä"}'));
    expect((await readEdit(bytes, 'application/json')).fields).toEqual({ prompt: 'ä' });
  });

  const url = `data:image/png;base64,${photo.toString('base64')}`;
  const read = async (body: object) =>
    readPictures(await readEdit(new Uint8Array(Buffer.from(JSON.stringify(body))), 'application/json'));

  test.each([
    ['a data URL', { image: url }, 1],
    ['several', { image: [url, url] }, 2],
    ['OpenAI’s objects', { images: [{ image_url: url }], mask: { image_url: url } }, 1],
  ])('%s', async (_, body, count) => {
    expect((await read(body)).images).toHaveLength(count);
  });

  test.each([
    ['a URL', { image: 'https://example.com/a.png' }, 'image'],
    ['a file of OpenAI’s', { images: [{ file_id: 'file-1' }] }, 'image'],
    ['a number', { image: 3 }, 'image'],
    ['the second one', { image: [url, 'x'] }, 'image[1]'],
    ['two masks', { image: url, mask: [url, url] }, 'mask'],
    ['seventeen', { image: Array(17).fill(url) }, 'image'],
  ])('%s: a 400 that names it', async (_, body, param) => {
    await expect(read(body)).rejects.toMatchObject({ status: 400, param });
  });
});
