import { badRequest, GatewayError } from '../errors.ts';

/**
 * The part of a Function URL event that the gateway reads: payload format 2.0
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads).
 */
export interface FunctionUrlEvent {
  rawPath?: string;
  rawQueryString?: string;
  headers?: Record<string, string | undefined>;
  cookies?: string[];
  body?: string | null;
  isBase64Encoded?: boolean;
  requestContext: { domainName?: string; http: { method: string } };
}

/** What `awslambda.HttpResponseStream.from` takes before the body. */
export interface ResponseHead {
  statusCode: number;
  headers: Record<string, string>;
  cookies: string[];
}

/** Between two hops only, RFC 9110 §7.6.1. Lambda frames bodies itself, so their length is not ours to tell either. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Methods that the fetch standard refuses to put into a Request. */
const forbiddenMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);
const bodilessMethods = new Set(['GET', 'HEAD']);

/**
 * A Function URL event as a web Request. Throws GatewayError: 400 for an event of another kind, 405 for a method
 * that a Request cannot have.
 */
export function toRequest(event: FunctionUrlEvent, signal?: AbortSignal): Request {
  const method = event.requestContext?.http?.method?.toUpperCase();
  if (!method) {
    throw badRequest(
      'The function answers Function URL events (payload format 2.0) and was given another event.',
    );
  }
  if (forbiddenMethods.has(method)) throw methodNotAllowed(method);
  const headers = toHeaders(event);
  const body = bodilessMethods.has(method) ? dropBody(headers) : bodyOf(event);
  return new Request(urlOf(event), { method, headers, body, signal });
}

/** Status, headers and cookies as Lambda takes them; the body goes its own way. */
export function toResponseHead(response: Response): ResponseHead {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    if (name === 'set-cookie' || name === 'content-length' || hopByHop.has(name)) return;
    headers[name] = toAscii(value);
  });
  return { statusCode: response.status, headers, cookies: response.headers.getSetCookie() };
}

/** `?` and `#` are encoded where they would end the path: not every front hands on the path as it was sent. */
function urlOf(event: FunctionUrlEvent): string {
  const path = (event.rawPath || '/').replaceAll('?', '%3F').replaceAll('#', '%23');
  const query = (event.rawQueryString ?? '').replaceAll('#', '%23');
  const host = event.requestContext.domainName || 'localhost';
  return `https://${host}${path.startsWith('/') ? '' : '/'}${path}${query && `?${query}`}`;
}

function toHeaders(event: FunctionUrlEvent): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined && !hopByHop.has(name.toLowerCase())) setHeader(headers, name, value);
  }
  if (event.cookies?.length) setHeader(headers, 'cookie', event.cookies.join('; '));
  return headers;
}

/** A name or value that HTTP does not allow could not be sent on: such a header is left out. */
function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, toByteString(value));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Headers hold bytes (0 to 255). Other characters become their UTF-8 bytes, as they would on a socket. */
function toByteString(value: string): string {
  for (const char of value) {
    if (char > '\u00ff') return Buffer.from(value, 'utf8').toString('latin1');
  }
  return value;
}

/** RFC 9110 §5.5 limits new field values to ASCII, and what Lambda makes of other bytes is not documented. */
function toAscii(value: string): string {
  return value.replace(/[^\t\x20-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Bytes also where the event has text: a Request would give text a content type that the client did not send. */
function bodyOf(event: FunctionUrlEvent): Uint8Array<ArrayBuffer> | undefined {
  return event.body ? Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8') : undefined;
}

/** A Request may not carry a body with GET or HEAD, and its headers must not speak of one. */
function dropBody(headers: Headers): undefined {
  for (const name of ['content-length', 'content-type', 'content-encoding']) headers.delete(name);
}

function methodNotAllowed(method: string): GatewayError {
  return new GatewayError({
    status: 405,
    reason: 'bad_request',
    code: 'method_not_allowed',
    message: `The method ${method} is not supported.`,
  });
}
