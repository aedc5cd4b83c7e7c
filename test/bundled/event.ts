import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Synchronous invocations take no larger event: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxEventBytes = 6 * 1024 * 1024;

/** Content types whose bodies stand in an event as text; all others are base64, and so is what is compressed. */
const textTypes = /^(text\/|application\/(json|javascript|xml)\b)/i;

/**
 * A request as a Function URL gives it to its function: payload format 2.0
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads). undefined: it is too large.
 * Rejects when the client leaves before it has sent all of its request.
 */
export async function toEvent(request: IncomingMessage): Promise<object | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { cookie, ...headers } = request.headers;
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const isText = textTypes.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-amzn-trace-id': `Root=1-${randomUUID()}`,
    },
    ...(cookie && { cookies: cookie.split('; ') }),
    requestContext: {
      domainName: headers.host,
      http: { method: request.method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
  return Buffer.byteLength(JSON.stringify(event)) > maxEventBytes ? undefined : event;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
