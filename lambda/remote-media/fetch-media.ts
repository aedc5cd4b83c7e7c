import { lookup } from 'node:dns';
import type { FetchedMedia } from '../canonical/fetched-media.ts';
import { badRequest } from '../errors.ts';
import { type DownloadLimits, download, type Network } from './download.ts';
import { isPublicAddress } from './public-address.ts';

/** Bedrock's own limit for an image is below 4 MB for most models; some take more. */
const limits: DownloadLimits = { maxBytes: 8 << 20, timeoutMs: 10_000, maxRedirects: 3 };
const maxUrls = 20;

const publicNetwork: Network = {
  isAllowedAddress: isPublicAddress,
  resolve: lookup,
  allowedPorts: ['', '443'],
};

/**
 * Fetches the images that messages point to. Rejects with a 400 that names the URL, without its query (which
 * may be a signature), and the reason. An image's type must say so, or say nothing definite.
 */
export async function fetchMedia(
  urls: readonly string[],
  signal: AbortSignal,
  network: Network = publicNetwork,
): Promise<ReadonlyMap<string, FetchedMedia>> {
  if (urls.length > maxUrls) {
    throw badRequest(
      `Too many image URLs: ${urls.length}. At most ${maxUrls} are fetched for one request.`,
      'messages',
    );
  }
  const entries = await Promise.all(
    urls.map(async (url) => {
      try {
        const { mediaType, body } = await download(url, limits, network, signal);
        if (!/^image\/|^(application|binary)\/octet-stream$|^$/.test(mediaType)) {
          throw new Error(`its type is ${mediaType.slice(0, 60)}, not an image`);
        }
        return [url, { mediaType, bytes: body.toString('base64') }] as const;
      } catch (error) {
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
    'messages',
  );
}

/** Instead of fetching, where a setting has switched that off. */
export function refuseMedia(): never {
  throw badRequest(
    'This gateway does not fetch images by URL (FETCH_IMAGES is off). Send them as data: URLs instead.',
    'messages',
  );
}
