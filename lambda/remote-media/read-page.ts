import { lookup } from 'node:dns';
import { DownloadError, type DownloadLimits, download, type Network } from './download.ts';
import { htmlText } from './html-text.ts';
import { isPublicAddress } from './public-address.ts';

const limits: DownloadLimits = {
  maxBytes: 2_000_000,
  cut: true,
  timeoutMs: 10_000,
  maxRedirects: 3,
  accept: 'text/html,text/*;q=0.9,application/json;q=0.9,application/xml;q=0.8,*/*;q=0.1',
};

const publicNetwork: Network = {
  isAllowedAddress: isPublicAddress,
  resolve: lookup,
  allowedPorts: [''],
  plainToo: true,
};

/** The text of a page, or why it was refused or could not be had, in words for people. */
export type Page = { text: string } | { refused: string };

/**
 * Reads a page that somebody else chose, from the public Internet, or from one of the `trusted` servers (`host:port`).
 * Of a long one the first 2 MB are read. Nothing of the caller goes along.
 */
export async function readPage(
  url: string,
  trusted: readonly string[],
  signal: AbortSignal,
  network: Network = publicNetwork,
): Promise<Page> {
  try {
    const { mediaType, charset, body } = await download(
      url,
      limits,
      { ...network, trusted: new Set(trusted.map((host) => host.toLowerCase())) },
      signal,
    );
    if (!isText(mediaType))
      return { refused: `its type is ${mediaType.slice(0, 60) || 'not said'}, not a text` };
    const text = decode(body, charset);
    return { text: /html/.test(mediaType) ? htmlText(text) : text };
  } catch (error) {
    if (error instanceof DownloadError) return { refused: error.message };
    throw error;
  }
}

const isText = (mediaType: string): boolean =>
  /^text\/|^application\/(?:[\w.+-]*\+)?(?:json|xml)$/.test(mediaType);

/** A charset that nobody knows is read as UTF-8. */
function decode(body: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
