import { lookup } from 'node:dns';
import { bounds } from '../bounds.ts';
import type { FetchedMedia } from '../canonical/fetched-media.ts';
import { badRequest } from '../errors.ts';
import { field } from '../fields.ts';
import { DownloadError, type DownloadLimits, download, type Network } from './download.ts';
import { isPublicAddress } from './public-address.ts';

const limits: DownloadLimits = { maxBytes: bounds.downloadBytes, timeoutMs: 10_000, maxRedirects: 3 };
const maxUrls = bounds.fetchedUrls;

const publicNetwork: Network = {
  isAllowedAddress: isPublicAddress,
  resolve: lookup,
  allowedPorts: ['', '443'],
};

/**
 * Fetches the images and PDFs that messages point to. Rejects with a 400 that names the URL, without its query (which
 * may be a signature), and the reason. The type of an image or a PDF must say so, or say nothing definite.
 */
export async function fetchMedia(
  urls: readonly string[],
  signal: AbortSignal,
  network: Network = publicNetwork,
): Promise<ReadonlyMap<string, FetchedMedia>> {
  if (urls.length > maxUrls) {
    throw badRequest(
      `Too many image URLs: ${urls.length}. At most ${maxUrls} are fetched for one request.`,
      field('messages'),
    );
  }
  // The first that fails ends the others.
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  let left = bounds.downloadedBytes;
  const received = (bytes: number) => {
    left -= bytes;
    if (left < 0)
      throw new DownloadError(`all images together are larger than ${bounds.downloadedBytes} bytes`);
  };
  const entries = await Promise.all(
    urls.map(async (url) => {
      try {
        const { mediaType, body } = await download(url, { ...limits, received }, network, either);
        if (!/^image\/|^application\/pdf$|^(application|binary)\/octet-stream$|^$/.test(mediaType)) {
          throw new DownloadError(`its type is ${mediaType.slice(0, 60)}, not an image`);
        }
        return [url, { mediaType, bytes: body.toString('base64') }] as const;
      } catch (error) {
        failure.abort();
        signal.throwIfAborted();
        throw refused(url, error);
      }
    }),
  );
  return new Map(entries);
}

function refused(url: string, error: unknown) {
  const shown = url.replace(/[?#].*$/s, '').slice(0, 200);
  const why = error instanceof Error ? error.message : 'it failed';
  return badRequest(
    `The image at ${shown} cannot be fetched: ${why}. Send it as a data: URL instead.`,
    field('messages'),
  );
}

/** Instead of fetching, where a setting has switched that off. */
export function refuseMedia(): never {
  throw badRequest(
    'This gateway does not fetch images by URL (FETCH_IMAGES is off). Send them as data: URLs instead.',
    field('messages'),
  );
}

/** Instead of fetching, for a caller whom no key vouches for: anybody can make up AWS credentials. */
export function refuseKeyless(): never {
  throw badRequest(
    'This gateway fetches images by URL only for callers with an API key of its own. Send them as data: URLs instead.',
    field('messages'),
  );
}
