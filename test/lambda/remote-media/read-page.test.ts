import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Network } from '../../../lambda/remote-media/download.ts';
import { htmlText } from '../../../lambda/remote-media/html-text.ts';
import { isPublicAddress } from '../../../lambda/remote-media/public-address.ts';
import { readPage } from '../../../lambda/remote-media/read-page.ts';

let server: Server;
let port: string;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const [, to] = /^\/to\?(.*)$/.exec(request.url ?? '') ?? [];
    if (to) response.writeHead(302, { location: decodeURIComponent(to) }).end();
    else if (request.url === '/latin') {
      response.writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' }).end(Buffer.from([0xe9]));
    } else if (request.url === '/long') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(3_000_000));
    } else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>A page</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Names resolve to the addresses given, one answer after the other. */
function network(...answers: string[]): Network {
  const resolve = (_host: string, _options: unknown, callback: (error: null, found: object[]) => void) => {
    const address = answers.length > 1 ? answers.shift() : answers[0];
    callback(null, [{ address, family: address?.includes(':') ? 6 : 4 }]);
  };
  return {
    isAllowedAddress: isPublicAddress,
    resolve: resolve as unknown as Network['resolve'],
    allowedPorts: [''],
    plainToo: true,
  };
}
const signal = () => new AbortController().signal;
const here = () => `127.0.0.1:${port}`;
const read = (url: string, net?: Network) => readPage(url, [here()], signal(), net);

describe('a page', () => {
  test('of a trusted host is read, on exactly that name and port', async () => {
    expect(await read(`http://${here()}/`)).toEqual({ text: 'A page' });
    expect(await read(`http://localhost:${port}/`)).toEqual({
      refused: expect.stringMatching(/ports 80 and 443/),
    });
  });

  test('of a host that the settings name in large letters is read: names have none', async () => {
    const page = await readPage(`http://LOCALHOST:${port}/`, [`LocalHost:${port}`], signal());
    expect(page).toEqual({ text: 'A page' });
  });

  test.each(['http://[', 'https://', '//:0', 'file:///etc/passwd', 'http://user:key@example.com/'])(
    'that leads to %s is refused',
    async (to) => {
      expect(await read(`http://${here()}/to?${encodeURIComponent(to)}`)).toEqual({
        refused: expect.stringMatching(/^it is not a valid URL|^only http|^it carries credentials/),
      });
    },
  );

  test('is decoded as its server says, and cut where it is too long', async () => {
    expect(await read(`http://${here()}/latin`)).toEqual({ text: 'é' });
    const long = await read(`http://${here()}/long`);
    expect('text' in long && long.text.length).toBe(2_000_000);
  });

  const inside = [
    '169.254.169.254',
    '169.254.170.2',
    'fd00:ec2::254',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:10.0.0.1',
  ];
  test.each(inside)('of a name that leads to %s is refused', async (address) => {
    const page = await read('http://pages.example/', network(address));
    expect(page).toEqual({ refused: 'its host is not on the public Internet' });
  });

  test.each(inside)('of a trusted host that redirects to %s is refused', async (address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    const to = encodeURIComponent(`http://${host}/`);
    expect(await read(`http://${here()}/to?${to}`)).toEqual({
      refused: 'its host is not on the public Internet',
    });
  });

  test.each([
    ['http://2130706433/', /public Internet/],
    ['http://0x7f000001/', /public Internet/],
    ['http://127.0.0.1:9001/2018-06-01/runtime/invocation/next', /ports 80 and 443/],
    ['http://user:pass@pages.example/', /credentials/],
    ['ftp://pages.example/', /only http/],
  ])('%s is refused', async (url, reason) => {
    expect(await read(url, network('127.0.0.1'))).toEqual({ refused: expect.stringMatching(reason) });
  });
});

describe('the text of HTML', () => {
  test('has its blocks, lists, headings and cells, and nothing that is not read', () => {
    const html =
      '<!doctype html><html><head><title>T</title><style>x</style></head><body><nav>N</nav><h2>Head &amp; tail</h2>' +
      '<!-- <p>no</p> --><p>One <b>two</b><br>three</p><ul><li>a</li><li>b</li></ul><table><tr><td>1</td><td>2</td></tr></table>' +
      '<script>if (a < b) alert("</p>")</script>4 < 5 &#8364; &#x1F600; &unknown;</body>';
    expect(htmlText(html)).toBe(
      '## Head & tail\n\nOne two\nthree\n\n- a\n\n- b\n\n1 | 2 |\n\n4 < 5 € 😀 &unknown;',
    );
  });

  test.each([
    ['<b>'.repeat(500_000), ''],
    ['<'.repeat(500_000), '<'.repeat(500_000)],
    ['<script>'.repeat(200_000), ''],
    ['<!--'.repeat(200_000), ''],
    ['&amp'.repeat(300_000), '&amp'.repeat(300_000)],
    [`<a href="${'x'.repeat(500_000)}`, ''],
  ])('of hostile pages takes one pass: case %#', (html, text) => {
    expect(htmlText(html)).toBe(text);
  });
});
