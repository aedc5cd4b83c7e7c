import { bounds, checkLength } from '../../bounds.ts';
import { isObject, list } from '../../canonical/json.ts';
import { readAudio, readFile } from '../content/files.ts';
import { isFetchable, readMedia } from '../content/media.ts';
import type { ReadPart } from '../content/parts.ts';
import { unsupported } from '../shared/bad-request.ts';
import { readString } from '../shared/json.ts';
import { type FromStore, itemPath } from './item-path.ts';

/** The content parts of Responses to content blocks. */

const text: ReadPart = (part, path) => ({ text: readString(part.text, `${path}.text`) });
const refusal: ReadPart = (part, path) => ({ text: readString(part.refusal, `${path}.refusal`) });

const image: ReadPart = ({ image_url: given, file_id: id }, path, context) => {
  const at = `${path}.image_url`;
  if (given == null && id != null) {
    throw unsupported(
      `'${path}.file_id' is not supported: send the image itself in '${at}'.`,
      `${path}.file_id`,
    );
  }
  const url = isObject(given) ? readString(given.url, `${at}.url`) : readString(given ?? undefined, at);
  return { image: readMedia(url, 'image', at, context) };
};

const file: ReadPart = (part, path, context) => readFile(part, path, context);
const guarded: ReadPart = (part, path) => ({
  guardContent: { text: { text: readString(part.text, `${path}.text`) } },
});

/** Developer and system messages. */
export const plainParts = { input_text: text, output_text: text, text };
export const userParts = {
  ...plainParts,
  input_image: image,
  input_file: file,
  input_audio: readAudio,
  guarded_text: guarded,
};
export const assistantParts = { ...plainParts, refusal };
export const resultParts = { ...plainParts, input_image: image, input_file: file };

/**
 * The https URLs of images and files in the items of an input, each once: what must be fetched before it is
 * translated. Throws a 400 for one that is longer than URLs are.
 */
export function fetchableUrls(input: unknown, stored?: FromStore): string[] {
  const urls = new Set<string>();
  list(input).forEach((item, i) => {
    for (const member of ['content', 'output'] as const) {
      list(item[member]).forEach((part, j) => {
        const address = isObject(part.image_url) ? part.image_url.url : (part.image_url ?? part.file_url);
        if (!isFetchable(address)) return;
        const name = part.image_url == null ? 'file_url' : 'image_url';
        urls.add(
          checkLength(address, bounds.urlCharacters, `${itemPath(i, stored)}.${member}[${j}].${name}`),
        );
      });
    }
  });
  return [...urls];
}
