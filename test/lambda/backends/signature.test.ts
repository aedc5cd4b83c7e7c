import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createConverseBackend } from '../../../lambda/backends/converse.ts';
import { createClients } from '../../../lambda/bedrock/clients.ts';
import type { Target } from '../../../lambda/models/target.ts';
import { ableToAll } from '../../support/capabilities.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'a/secret+key', sessionToken: 'a-token' };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Received {
  request: IncomingMessage;
  body: Buffer;
}

/** Takes one request, answers it as Converse would, and keeps it. */
async function capture(send: (endpoint: string) => Promise<unknown>): Promise<Received> {
  let received: Received | undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received = { request, body: Buffer.concat(chunks) };
    response.setHeader('content-type', 'application/json');
    response.end(
      '{"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn","usage":{}}',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  if (!received) throw new Error('no request came');
  return received;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** AWS Signature Version 4, from its specification: what AWS computes for the request it received. */
function signatureOf({ request, body }: Received, secret: string): string {
  const { headers, method, url = '' } = request;
  const [, scope = '', signed = ''] =
    /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const [date = '', region = '', service = ''] = scope.split('/');
  // The path is encoded once on the wire and once more in the canonical request.
  const path = url
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    );
  const canonical = [
    method,
    path.join('/'),
    '',
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = ['aws4_request', service, region, date].reduceRight<string | Buffer>(
    (k, part) => hmac(k, part),
    `AWS4${secret}`,
  );
  return hmac(key, toSign).toString('hex');
}

describe('what goes to Bedrock is signed as it is sent', () => {
  for (const id of [
    'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    'arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/abc123',
  ]) {
    test(id, async () => {
      const target: Target = {
        asked: id,
        id,
        region: 'us-west-2',
        backend: 'converse',
        capabilities: ableToAll,
        reportAs: id,
        warnings: [],
      };
      const received = await capture((endpoint) => {
        const clients = createClients({ endpoint, credentials });
        closers.push(() => clients.close());
        return createConverseBackend(clients).send({
          target,
          request: { messages: [{ role: 'user', content: [{ text: 'Grüße 👋' }] }] },
          signal: new AbortController().signal,
        });
      });
      const { authorization = '' } = received.request.headers;
      expect(authorization).toContain('/us-west-2/bedrock/aws4_request');
      expect(authorization).toContain(`Signature=${signatureOf(received, credentials.secretAccessKey)}`);
      expect(signatureOf(received, 'another-secret')).not.toBe(
        signatureOf(received, credentials.secretAccessKey),
      );
      expect(received.request.headers['x-amz-security-token']).toBe('a-token');
      expect(received.request.headers['content-length']).toBe(String(received.body.length));
      expect(received.request.headers['content-type']).toBe('application/json');
      expect(received.request.url).toBe(`/model/${encodeURIComponent(id)}/converse`);
    });
  }
});
