import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBuckets } from '../../../lambda/bedrock/s3.ts';
import { S3Error } from '../../../lambda/bedrock/s3-call.ts';
import { decodedKey, element, elements } from '../../../lambda/bedrock/s3-xml.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { pointSdkAt } from '../../support/stack.ts';

/** The gateway's S3 against the simulator's, which computes each signature again over what has come. */

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  pointSdkAt(simulator.url);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

const open = (name = 'batch-inputs') => createBuckets('us-east-1').bucket(name);
const refused = (code: string) => expect.objectContaining({ code });

describe('an object', () => {
  const keys = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter(
      (key) =>
        Buffer.byteLength(key.toWellFormed()) < 1000 && !/^\.{0,2}$|^\/|\/\/|(^|\/)\.{1,2}(\/|$)/.test(key),
    );

  test('can have any name, which comes back in lists', async () => {
    const bucket = open();
    await fc.assert(
      fc.asyncProperty(keys, fc.uint8Array({ maxLength: 500 }), async (key, bytes) => {
        simulator.reset();
        const body = Buffer.from(bytes);
        expect(await bucket.put(key, body)).toBe(true);
        const name = key.toWellFormed();
        expect(simulator.buckets.keys('batch-inputs')).toEqual([name]);
        const found = await bucket.get(key);
        const parts: Buffer[] = [];
        for await (const part of found!.body) parts.push(part);
        expect([found!.size, Buffer.concat(parts)]).toEqual([body.length, body]);
        const { objects } = await bucket.list({ prefix: [...name].slice(0, 2).join('') });
        expect(objects).toEqual([{ key: name, size: body.length, modifiedAt: expect.any(Number) }]);
        await bucket.remove(key);
        expect(simulator.buckets.keys('batch-inputs')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('that is not there is undefined, and one that is taken is left alone', async () => {
    const bucket = open();
    expect(await bucket.text('a')).toBeUndefined();
    expect(await bucket.put('a', Buffer.from('1'), { onlyNew: true })).toBe(true);
    expect(await bucket.put('a', Buffer.from('2'), { onlyNew: true })).toBe(false);
    expect(await bucket.text('a')).toBe('1');
  });

  test('in parts is there when it is complete, and not before', async () => {
    const bucket = open();
    const upload = await bucket.upload('large');
    const part = Buffer.alloc(5 << 20, 'x');
    await upload.part(part);
    expect(await bucket.get('large')).toBeUndefined();
    await upload.part(Buffer.from('end'));
    await upload.complete();
    expect((await bucket.get('large'))?.size).toBe(part.length + 3);
    const given = await bucket.upload('other');
    await given.part(part);
    await given.abort();
    expect(simulator.buckets.openUploads).toBe(0);
  });
});

describe('a list', () => {
  test('comes in pages, by prefix and by folder', async () => {
    const bucket = open();
    for (const key of ['a/1', 'a/2', 'b/1', 'b/2', 'c']) await bucket.put(key, Buffer.from('x'));
    const page = await bucket.list({ prefix: '', max: 2 });
    expect([page.objects.map(({ key }) => key), page.truncated]).toEqual([['a/1', 'a/2'], true]);
    const next = await bucket.list({ prefix: '', startAfter: 'a/2' });
    expect([next.objects.map(({ key }) => key), next.truncated]).toEqual([['b/1', 'b/2', 'c'], false]);
    const folders = await bucket.list({ prefix: '', delimiter: '/' });
    expect([folders.prefixes, folders.objects.map(({ key }) => key)]).toEqual([['a/', 'b/'], ['c']]);
    const beyond = await bucket.list({ prefix: '', delimiter: '/', startAfter: 'a/~', max: 1 });
    expect([beyond.prefixes, beyond.truncated]).toEqual([['b/'], true]);
  });
});

describe('a refusal', () => {
  test.each([
    ['a bucket that is not there', 'no-such-bucket', 'NoSuchBucket'],
    ['a bucket of somebody else', 'somebody-elses-bucket', 'AccessDenied'],
  ])('of %s has S3’s code', async (_, name, code) => {
    await expect(open(name).get('a')).rejects.toEqual(refused(code));
    await expect(open(name).list({ prefix: '' })).rejects.toBeInstanceOf(S3Error);
  });

  test('of a wrong secret says so', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another');
    await expect(open().get('a')).rejects.toEqual(refused('SignatureDoesNotMatch'));
    vi.unstubAllEnvs();
  });
});

describe('what fails', () => {
  let server: Server;
  /** Of the status 0: none, the connection breaks. */
  let answers: [status: number, body: string][];
  let asked = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked += 1;
      const [status, body] = answers.shift() ?? [200, 'ok'];
      request.resume().on('end', () => {
        if (status === 0) request.socket.resetAndDestroy();
        else response.writeHead(status).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());
  const there = () => {
    asked = 0;
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return open();
  };
  const slow: [number, string] = [
    503,
    '<Error><Code>SlowDown</Code><Message>Reduce &amp; wait</Message></Error>',
  ];

  test('passing is tried again, twice', async () => {
    answers = [slow, [500, '']];
    expect(await there().text('a')).toBe('ok');
    expect(asked).toBe(3);
    answers = [slow, slow, slow];
    await expect(there().get('a')).rejects.toMatchObject({
      code: 'SlowDown',
      status: 503,
      message: 'Reduce & wait',
    });
    vi.unstubAllEnvs();
  });

  test('a connection that breaks is tried again, but for a write that must be the first or ends an upload', async () => {
    const breaks: [number, string] = [0, ''];
    answers = [breaks, breaks];
    expect(await there().text('a')).toBe('ok');
    expect(asked).toBe(3);
    answers = [breaks];
    expect(await there().put('a', Buffer.from('x'))).toBe(true);
    answers = [breaks, breaks, breaks];
    await expect(there().list({ prefix: '' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(asked).toBe(3);
    answers = [breaks];
    await expect(there().put('a', Buffer.from('x'), { onlyNew: true })).rejects.toThrow();
    expect(asked).toBe(1);
    answers = [[200, '<UploadId>u</UploadId>'], breaks, [200, ''], breaks];
    const upload = await there().upload('a');
    await upload.part(Buffer.from('x'));
    await expect(upload.complete()).rejects.toThrow();
    expect(asked).toBe(4);
    vi.unstubAllEnvs();
  });

  test('for good is not', async () => {
    answers = [[403, 'a proxy']];
    await expect(there().get('a')).rejects.toMatchObject({ code: 'Status403' });
    expect(asked).toBe(1);
    vi.unstubAllEnvs();
  });

  test('within a completed upload is a failure, though its status is 200', async () => {
    answers = [
      [200, '<UploadId>u</UploadId>'],
      [200, ''],
      [200, '<Error><Code>InternalError</Code><Message>later</Message></Error>'],
    ];
    const upload = await there().upload('a');
    await upload.part(Buffer.from('x'));
    await expect(upload.complete()).rejects.toMatchObject({ code: 'InternalError' });
    vi.unstubAllEnvs();
  });
});

describe('a document', () => {
  test('is read by its elements, also where it is cut short', () => {
    const xml = '<L><K>a&lt;&#38;b</K><K>c</K><N><K>d';
    expect(elements(xml, 'K')).toEqual(['a&lt;&#38;b', 'c']);
    expect(element(xml, 'K')).toBe('a<&b');
    expect(element(xml, 'Z')).toBeUndefined();
    expect(decodedKey('a+b%2Bc%C3%A4')).toBe('a b+cä');
  });

  test('of many elements takes a time that grows with it, and no more', () => {
    const many = '<Contents>'.repeat(200_000);
    expect(elements(many, 'Contents')).toEqual([]);
  });
});
