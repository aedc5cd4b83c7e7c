import type { ByteBudget } from '../../bounds.ts';
import { detectFormat } from '../../canonical/detect-format.ts';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import { isObject } from '../../canonical/json.ts';
import type { EmbedImage } from '../../models/embeddings/contract.ts';
import { isFetchable, parseDataUrl, readBase64 } from '../content/media.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import { type Fields, kindOf, readOptional, readString } from '../shared/json.ts';

/** What one vector is made of. */
export interface Item {
  /** '' for an image alone. */
  text: string;
  image?: EmbedImage;
}

/** What images may be read from: the URLs that were fetched, and what is left of the request's bytes. */
export interface ImageSources {
  fetched: ReadonlyMap<string, FetchedMedia>;
  bytes: ByteBudget;
}

/** The parts of an item: a content of several, or itself. */
const partsOf = (item: unknown): unknown[] =>
  isObject(item) && Array.isArray(item.content) ? item.content : [item];

/** The https URLs in an input. */
export const urlsIn = (input: unknown): string[] =>
  (Array.isArray(input) ? input : [])
    .flatMap(partsOf)
    .map((part) => (isObject(part) ? urlOf(part) : undefined))
    .filter(isFetchable);

/** OpenAI's, Voyage's and Jina's names for an image. null counts as not given, as for any parameter. */
function urlOf({ image_url: url, image_base64: base64, image }: Fields): unknown {
  return (isObject(url) ? url.url : url) ?? base64 ?? image ?? undefined;
}

/**
 * An object of `input`: a part as of a chat (`{"type": "image_url", …}`, `{"type": "text", …}`), Jina's (`{"image": …}`,
 * `{"text": …}`), or `content` with a text and an image for one vector. Throws a 400 that names the part at fault.
 */
export function readItem(item: Fields, path: string, sources: ImageSources): Item {
  const isList = Array.isArray(item.content);
  const texts: string[] = [];
  let image: EmbedImage | undefined;
  partsOf(item).forEach((part, i) => {
    const at = isList ? `${path}.content[${i}]` : path;
    if (!isObject(part)) throw wrong(part, at);
    const text = readOptional(part.text, `${at}.text`, readString);
    if (text !== undefined) texts.push(text);
    const url = urlOf(part);
    if (url === undefined) {
      if (text === undefined) throw wrong(part, at);
      return;
    }
    if (image) throw unsupported(`'${at}' is a second image: a vector is made of one at most.`, at);
    image = readImage(url, at, sources);
  });
  const all = texts.join('\n');
  if (all === '' && !image) throw badRequest(`Invalid value for '${path}': there is nothing in it.`, path);
  return image ? { text: all, image } : { text: all };
}

function readImage(given: unknown, path: string, { fetched, bytes: budget }: ImageSources): EmbedImage {
  const url = readString(given, path);
  const bytes =
    fetched.get(url)?.bytes ??
    (url.startsWith('data:') ? parseDataUrl(url, path).bytes : readBase64(url, path));
  budget.spend(bytes.length, path);
  const format = detectFormat('image', bytes);
  if (format === 'png' || format === 'jpeg' || format === 'gif' || format === 'webp')
    return { bytes, format };
  throw unsupported(`'${path}' is no image of a known type: PNG, JPEG, GIF and WebP are taken.`, path);
}

const wrong = (value: unknown, path: string) =>
  badRequest(
    `Invalid value for '${path}': expected a text or an image, but got ${kindOf(value)} that is neither.`,
    path,
  );
