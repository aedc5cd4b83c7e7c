import type { IncomingMessage } from 'node:http';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { endpointOf, type Service } from './endpoint.ts';
import { textOf } from './exception.ts';
import { keptConnections } from './kept-connections.ts';
import { element } from './s3-xml.ts';
import { Sha256 } from './sha256.ts';

/** One request to S3, without its bucket. */
export interface S3Request {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  /** Of the object; absent: the bucket itself. */
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Buffer;
  signal?: AbortSignal | undefined;
}

export interface S3Answer {
  status: number;
  /** In lower case. */
  headers: Record<string, string>;
  /** Not read yet. */
  body: IncomingMessage;
}

/** What S3 has refused, by its own code: `NoSuchKey`, `AccessDenied`, `PreconditionFailed`, `SlowDown`. */
export class S3Error extends Error {
  override name = 'S3Error';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type S3Call = (request: S3Request) => Promise<S3Answer>;

const service: Service = { host: 's3', variable: 'S3', signedFor: 's3', plainIsDualStack: true };

/** Milliseconds without a byte. */
const socketTimeoutMs = 60_000;
/** Of one request: S3 asks clients to repeat what it answers with a 5xx, and what breaks off without an answer. */
const attempts = 3;
/** A connection that was frozen with its Lambda environment breaks like that. */
const broken: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ECONNREFUSED']);
const pauseMs = 200;

/**
 * Requests to one bucket, signed by the SDK's own signer. S3's client is no part of the function: 400 KB for what are
 * seven requests of plain HTTP. Rejects with an S3Error, or with what the socket failed with.
 */
export function s3Call(bucket: string, region: string, handler: NodeHttpHandler): S3Call {
  const credentials = defaultProvider();
  // S3 alone signs a path as it was sent (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
  const signer = new SignatureV4({
    service: service.signedFor,
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  return async ({ method, key = '', query = {}, headers = {}, body, signal }) => {
    const { base, host, port, protocol } = placeOf(bucket, region);
    for (let attempt = 1; ; attempt += 1) {
      const request = new HttpRequest({
        method,
        protocol,
        hostname: host,
        ...(port && { port: Number(port) }),
        path: `${base}/${encodedKey(key)}`,
        query,
        headers: {
          ...headers,
          host: port ? `${host}:${port}` : host,
          'content-length': String(body?.byteLength ?? 0),
          'user-agent': 'bedrock-gateway',
        },
        body,
      });
      const signed = (await signer.sign(request)) as HttpRequest;
      const { response } = await handler
        .handle(signed, signal ? { abortSignal: signal } : undefined)
        .catch((error: unknown) => {
          if (attempt === attempts || !mayRepeat({ method, headers }, error)) throw error;
          return { response: undefined };
        });
      if (!response) {
        await pause(attempt);
        continue;
      }
      if (response.statusCode < 300) {
        return { status: response.statusCode, headers: response.headers, body: response.body };
      }
      const error = await errorOf(response.statusCode, response.body);
      if (error.status < 500 || attempt === attempts) throw error;
      await pause(attempt);
    }
  };
}

const pause = (attempt: number) => new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));

/**
 * What comes to the same when it is done twice. A write that must be the first would find its own, and the end of an upload
 * nothing to end.
 */
function mayRepeat({ method, headers }: Pick<S3Request, 'method' | 'headers'>, error: unknown): boolean {
  const isBroken = error instanceof Error && 'code' in error && broken.has(error.code);
  return isBroken && method !== 'POST' && headers?.['if-none-match'] === undefined;
}

export const s3Handler = (): NodeHttpHandler =>
  keptConnections(new NodeHttpHandler({ connectionTimeout: 3000, socketTimeout: socketTimeoutMs }));

/**
 * Where a bucket is: a host of its own, which is the only way of newer regions; or a path, for an endpoint of somebody's
 * own and for names with dots, which no certificate of S3's covers.
 */
function placeOf(bucket: string, region: string) {
  const endpoint = endpointOf(service, region);
  const { protocol, hostname, port, pathname } = endpoint;
  const isOwn = !hostname.startsWith('s3');
  if (isOwn || bucket.includes('.'))
    return { protocol, host: hostname, port, base: `${pathname.replace(/\/$/, '')}/${bucket}` };
  return { protocol, host: `${bucket}.${hostname}`, port, base: '' };
}

/** As S3 signs it: every byte but the unreserved ones and the slashes of the key. */
function encodedKey(key: string): string {
  return encodeURIComponent(key.toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function errorOf(status: number, body: AsyncIterable<Uint8Array>): Promise<S3Error> {
  const xml = await textOf(body);
  // A HEAD has no body, and neither has what a proxy answers.
  const code = element(xml, 'Code') ?? (status === 404 ? 'NoSuchKey' : `Status${status}`);
  return new S3Error(code, status, element(xml, 'Message') ?? `S3 answered with status ${status}`);
}
