import { expect, test } from 'vitest';
import { readEdit } from '../../../../lambda/apis/images/form.ts';

const form = (parts: string[]) => ({
  bytes: new Uint8Array(Buffer.from(`${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`)),
  type: 'multipart/form-data; boundary=b',
});
const file = (name: string, text = '') =>
  `Content-Disposition: form-data; name="${name}"; filename="a"\r\n\r\n${text}`;

test('files of one name come in their order, however the name is written', async () => {
  const { bytes, type } = form([
    file('image[]', 'one'),
    file('image', 'two'),
    file('mask', 'three'),
    file('image[2]', 'four'),
  ]);
  const { files } = await readEdit(bytes, type);
  const texts = (name: string) => files.get(name)?.map((upload) => Buffer.from(upload.bytes).toString());
  expect([texts('image'), texts('mask')]).toEqual([['one', 'two', 'four'], ['three']]);
});

// With a copy of the list for each of them this would take longer than a test may.
test('tens of thousands of files are read one by one', async () => {
  const { bytes, type } = form(Array<string>(60_000).fill(file('image')));
  const { files } = await readEdit(bytes, type);
  expect(files.get('image')).toHaveLength(60_000);
});
