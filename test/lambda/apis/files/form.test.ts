import fc from 'fast-check';
import { Hono } from 'hono/tiny';
import { describe, expect, test } from 'vitest';
import { readForm } from '../../../../lambda/apis/files/form.ts';
import { GatewayError } from '../../../../lambda/errors.ts';

async function read(body: string | FormData, headers: Record<string, string> = {}) {
  const app = new Hono();
  let found: unknown;
  app.post('/', async (c) => {
    const { filename, content, field } = await readForm(c);
    found = { filename, content: [...content], purpose: field('purpose') };
    return c.text('');
  });
  app.onError((error) => {
    throw error;
  });
  await app.request('/', { method: 'POST', body, headers });
  return found;
}

describe('a form', () => {
  test('gives any bytes back as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const form = new FormData();
        form.set('purpose', 'batch');
        form.set('file', new File([new Uint8Array(bytes)], 'a.jsonl'));
        expect(await read(form)).toEqual({ filename: 'a.jsonl', content: [...bytes], purpose: 'batch' });
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['a\\b\u0000c', 'a_b_c'],
    ['ä'.repeat(500), 'ä'.repeat(160)],
  ])('%j has a name that a key and a header can have', async (name, expected) => {
    const form = new FormData();
    form.set('file', new File(['x'], name));
    expect(await read(form)).toMatchObject({ filename: expected });
  });

  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  test.each([
    ['no multipart', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no boundary', '--x', { 'content-type': 'multipart/form-data' }],
    ['nothing', '', multipart],
    [
      'a text in place of the file',
      '--x\r\ncontent-disposition: form-data; name="file"\r\n\r\na\r\n--x--\r\n',
      multipart,
    ],
    ['no file', '--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\na\r\n--x--\r\n', multipart],
  ])('with %s is a 400', async (_, body, headers) => {
    await expect(read(body, headers)).rejects.toThrow(GatewayError);
  });
});
