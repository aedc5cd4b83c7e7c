import type { lookup as resolveName } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

export interface DownloadLimits {
  maxBytes: number;
  /** Milliseconds for the whole download, redirects included. */
  timeoutMs: number;
  maxRedirects: number;
  /** What is larger is not refused: the rest is left where it is. */
  cut?: boolean;
  /** The types that are wanted, as the server reads them. */
  accept?: string;
  /** Called with the bytes of each piece as it comes; ends the download by throwing. */
  received?: (bytes: number) => void;
}

/** What tests must be able to say otherwise; production uses the defaults. */
export interface Network {
  isAllowedAddress: (address: string) => boolean;
  resolve: typeof resolveName;
  allowedPorts: readonly string[];
  /** http as well as https. */
  plainToo?: boolean;
  /** `host:port` of servers that may be asked wherever they are, on exactly that name and port. */
  trusted?: ReadonlySet<string>;
  tls?: Pick<RequestOptions, 'ca'>;
}

export interface Download {
  mediaType: string;
  /** As the server names it, in small letters. */
  charset?: string;
  body: Buffer;
}

/** Why a download was refused or failed, in words for the client. */
export class DownloadError extends Error {
  override name = 'DownloadError';
}

/**
 * Fetches a URL that somebody else chose. The name is resolved once, every address it resolves to is
 * checked, and the connection goes to the address that was checked, so a name that changes between check and
 * use gains nothing. Redirects are followed by hand and pass the same checks.
 */
export async function download(
  url: string,
  limits: DownloadLimits,
  network: Network,
  signal: AbortSignal,
): Promise<Download> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]);
  let target = parseTarget(url, network);
  for (let hops = 0; ; hops++) {
    const response = await open(target, limits, network, bounded);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400 && headers.location) {
      response.destroy();
      if (hops >= limits.maxRedirects) throw new DownloadError('it redirects too often');
      target = parseTarget(headers.location, network, target.href);
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw new DownloadError(`its server answered ${statusCode}`);
    }
    const type = headers['content-type'] ?? '';
    const mediaType = type.split(';')[0]?.trim().toLowerCase() ?? '';
    const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(type)?.[1]?.toLowerCase();
    return { mediaType, ...(charset && { charset }), body: await readBounded(response, limits, bounded) };
  }
}

/** `base`: the address that has led to this one. */
function parseTarget(url: string, network: Network, base?: string): URL {
  if (!URL.canParse(url, base)) throw new DownloadError('it is not a valid URL');
  const target = new URL(url, base);
  const { plainToo = false } = network;
  if (target.protocol !== 'https:' && !(plainToo && target.protocol === 'http:'))
    throw new DownloadError(`only ${plainToo ? 'http:// and ' : ''}https:// URLs are fetched`);
  if (target.username !== '' || target.password !== '') throw new DownloadError('it carries credentials');
  if (isTrusted(target, network)) return target;
  // A URL names no port that is its protocol's own.
  if (!network.allowedPorts.includes(target.port))
    throw new DownloadError(plainToo ? 'only ports 80 and 443 are allowed' : 'only port 443 is allowed');
  const host = target.hostname.replace(/^\[|\]$/g, '');
  // A literal address is connected to without a look-up.
  if (isIP(host) !== 0 && !network.isAllowedAddress(host)) throw notPublic();
  return target;
}

const usualPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function isTrusted({ hostname, port, protocol }: URL, { trusted }: Network): boolean {
  return trusted?.has(`${hostname}:${port || usualPorts[protocol]}`) ?? false;
}

function open(
  target: URL,
  { accept = 'image/*,*/*;q=0.5' }: DownloadLimits,
  network: Network,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      ...network.tls,
      method: 'GET',
      headers: { accept, 'user-agent': 'bedrock-gateway' },
      ...(!isTrusted(target, network) && { lookup: checkedLookup(network) }),
      // A pooled connection would have been checked for another request.
      agent: false,
      signal,
    };
    const call = (target.protocol === 'http:' ? plainRequest : request)(target, options, resolve);
    call.on('error', (error) => reject(error instanceof DownloadError ? error : failed(signal, error)));
    call.end();
  });
}

function checkedLookup({ isAllowedAddress, resolve }: Network): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { family: options.family, all: true }, (error, addresses) => {
      if (error) return callback(new DownloadError('its host name does not resolve'), []);
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowedAddress(address))) {
        return callback(notPublic(), []);
      }
      const [first] = addresses;
      return options.all ? callback(null, addresses) : callback(null, first?.address ?? '', first?.family);
    });
  };
}

async function readBounded(
  response: IncomingMessage,
  { maxBytes, cut, received }: DownloadLimits,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes && cut) {
        chunks.push(chunk);
        break;
      }
      if (size > maxBytes) throw new DownloadError(`it is larger than ${maxBytes} bytes`);
      received?.(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof DownloadError ? error : failed(signal, error, 'the download broke off');
  }
  return Buffer.concat(chunks, Math.min(size, maxBytes));
}

function notPublic(): DownloadError {
  return new DownloadError('its host is not on the public Internet');
}

function failed(
  signal: AbortSignal,
  cause: unknown,
  otherwise = 'its server could not be reached',
): DownloadError {
  return new DownloadError(signal.aborted ? 'it took too long' : otherwise, { cause });
}
