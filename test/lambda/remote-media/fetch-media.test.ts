import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DownloadLimits, download, type Network } from '../../../lambda/remote-media/download.ts';
import { fetchMedia } from '../../../lambda/remote-media/fetch-media.ts';
import { isPublicAddress } from '../../../lambda/remote-media/public-address.ts';

const pem = (name: string) => readFileSync(new URL(`../../support/tls/${name}.pem`, import.meta.url));
const png = Buffer.from('iVBORw0KGgo=', 'base64');

let server: Server;
let port: string;
let requests: string[] = [];
/** What a name resolves to; each look-up takes the next of its answers, and stays at the last. */
let names: Record<string, string[][]> = {};
let lookUps: string[] = [];

beforeAll(async () => {
  server = createServer({ key: pem('key'), cert: pem('cert') }, (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const [, code, location] = /^\/(\d{3})\?to=(.*)$/.exec(path) ?? [];
    if (code) response.writeHead(Number(code), { location: decodeURIComponent(location ?? '') }).end();
    else if (path.startsWith('/png')) response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    else if (path === '/html') response.writeHead(200, { 'content-type': 'text/html; charset=x' }).end('<p>');
    else if (path === '/large')
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(5000));
    else if (path === '/cut') {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': '100' });
      response.write('abc', () => response.destroy());
    } else if (path === '/slow') {
      response.writeHead(200, { 'content-type': 'image/png' });
      response.write('abc');
    } else if (path !== '/silent') response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
  lookUps = [];
  names = { 'images.example': [['127.0.0.1']], 'other.example': [['127.0.0.1']] };
});

/** The test's server is on the loopback, which is never public: so here that one address counts as allowed. */
function network(isAllowedAddress = (address: string) => address === '127.0.0.1'): Network {
  const resolve = (
    host: string,
    _options: unknown,
    callback: (error: Error | null, found: object[]) => void,
  ) => {
    lookUps.push(host);
    const answers = names[host] ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (!answer) return callback(new Error('ENOTFOUND'), []);
    return callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return {
    isAllowedAddress,
    resolve: resolve as unknown as Network['resolve'],
    allowedPorts: [port],
    tls: { ca: pem('cert') },
  };
}

const signal = () => new AbortController().signal;
const url = (path: string, host = 'images.example') => `https://${host}:${port}${path}`;
const limits: DownloadLimits = { maxBytes: 1000, timeoutMs: 2000, maxRedirects: 2 };
const get = (target: string, over: Partial<DownloadLimits> = {}, net = network()) =>
  download(target, { ...limits, ...over }, net, signal());

describe('an image by URL', () => {
  test('comes with its type, from the address that was checked', async () => {
    const fetched = await fetchMedia([url('/png')], signal(), network());
    expect(fetched.get(url('/png'))).toEqual({ mediaType: 'image/png', bytes: png.toString('base64') });
    expect(lookUps).toEqual(['images.example']);
  });

  test('is looked up once: a name that changes between check and use gains nothing', async () => {
    names['images.example'] = [['127.0.0.1'], ['169.254.169.254']];
    await get(url('/png'));
    expect(lookUps).toHaveLength(1);
  });

  test('may redirect, also to another host, and every hop is checked', async () => {
    const there = encodeURIComponent(url('/png', 'other.example'));
    expect((await get(url(`/302?to=${there}`))).body).toEqual(png);
    expect(lookUps).toEqual(['images.example', 'other.example']);
  });

  const refused: [string, () => string, RegExp][] = [
    ['plain http', () => 'http://images.example/png', /only https/],
    ['another scheme', () => 'file:///etc/passwd', /only https/],
    ['another port', () => 'https://images.example:22/', /port 443/],
    ['credentials in it', () => `https://me:secret@images.example:${port}/`, /credentials/],
    ['no URL', () => 'https://', /not a valid URL/],
    ['a private address', () => url('/png', '10.0.0.1'), /not on the public Internet/],
    ['the metadata service', () => url('/png', '169.254.169.254'), /not on the public Internet/],
    ['a loopback in IPv6', () => url('/png', '[::1]'), /not on the public Internet/],
    ['a mapped address', () => url('/png', '[::ffff:10.0.0.1]'), /not on the public Internet/],
    ['a name that does not resolve', () => url('/png', 'nowhere.example'), /does not resolve/],
    [
      'a redirect to plain http',
      () => url(`/302?to=${encodeURIComponent('http://images.example/')}`),
      /only https/,
    ],
    [
      'a redirect inside',
      () => url(`/301?to=${encodeURIComponent(url('/', '10.0.0.1'))}`),
      /public Internet/,
    ],
    [
      'redirects without end',
      () => url(`/302?to=${encodeURIComponent('/302?to=/302%3Fto%3D%2F302%253Fto%253D%252Fpng')}`),
      /redirects too often/,
    ],
    ['a missing image', () => url('/gone'), /answered 404/],
    ['one that is too large', () => url('/large'), /larger than 1000 bytes/],
    ['a download that breaks off', () => url('/cut'), /broke off/],
  ];
  for (const [what, target, message] of refused) {
    test(`is refused: ${what}`, async () => {
      await expect(get(target())).rejects.toThrow(message);
    });
  }

  test('is refused where only one of a name’s addresses is private, and nothing is connected to', async () => {
    names['images.example'] = [['127.0.0.1', '192.168.0.1']];
    await expect(get(url('/png'))).rejects.toThrow(/not on the public Internet/);
    expect(requests).toEqual([]);
  });

  test('is given up when it takes too long, and when the client has gone', async () => {
    for (const path of ['/silent', '/slow'])
      await expect(get(url(path), { timeoutMs: 500 })).rejects.toThrow(/took too long/);
    const client = new AbortController();
    const call = download(url('/silent'), limits, network(), client.signal);
    client.abort();
    await expect(call).rejects.toThrow(/took too long/);
  });

  test.each(['/silent', '/slow'])('is no fault of a request whose client has gone (%s)', async (path) => {
    const client = new AbortController();
    const call = fetchMedia([url(path)], client.signal, network());
    await expect.poll(() => requests.length).toBe(1);
    const reason = new Error('gone');
    client.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test('that cannot be had is a 400 that names it without its query', async () => {
    const call = fetchMedia([url('/html?signature=secret')], signal(), network());
    await expect(call).rejects.toMatchObject({ status: 400, param: 'messages' });
    await expect(call).rejects.toThrow(/images\.example:\d+\/html cannot be fetched/);
    await expect(call).rejects.not.toThrow(/secret/);
  });

  test('must be one by its type', async () => {
    await expect(fetchMedia([url('/html')], signal(), network())).rejects.toThrow(/text\/html, not an image/);
  });

  test('is one of at most twenty', async () => {
    const urls = Array.from({ length: 21 }, (_, i) => url(`/png?${i}`));
    await expect(fetchMedia(urls, signal(), network())).rejects.toThrow(/At most 20/);
    expect(requests).toEqual([]);
  });

  test('does not come from this machine, as the function is deployed', async () => {
    await expect(fetchMedia(['https://127.0.0.1/'], signal())).rejects.toThrow(/public Internet/);
    await expect(fetchMedia(['https://localhost/'], signal())).rejects.toThrow(/public Internet/);
  });
});

describe('a public address', () => {
  const inside = [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '169.254.170.2',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'fc00::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'nonsense',
  ];
  for (const address of inside) test(`is not ${address}`, () => expect(isPublicAddress(address)).toBe(false));
  for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']) {
    test(`is ${address}`, () => expect(isPublicAddress(address)).toBe(true));
  }
});
