import { kindOfMediaType } from '../../canonical/media-formats.ts';
import type { ContentBlock } from '../../canonical/types.ts';
import { unsupported } from '../shared/bad-request.ts';
import { type Fields, readObject, readOptional, readString } from '../shared/json.ts';
import type { PartContext } from './context.ts';
import { isFetchable, parseDataUrl, readBase64, readMedia } from './media.ts';
import type { ReadPart } from './parts.ts';

/** OpenAI's part `input_audio`. */
export const readAudio: ReadPart = (part, path) => {
  const at = `${path}.input_audio`;
  const { data, format } = readObject(part.input_audio, at);
  return {
    audio: {
      format: readString(format, `${at}.format`),
      source: { bytes: readBase64(readString(data, `${at}.data`), `${at}.data`) },
    },
  };
};

/**
 * A file as OpenAI's APIs have it: `file_data` as a data: URL, base64 or s3:, or its address in `file_url`; `filename`.
 * What its type says is an image, audio or video becomes that. `at`: the path of the object with these members.
 */
export function readFile(file: Fields, at: string, context: PartContext): ContentBlock {
  const { file_data: data, file_url: address, file_id: id, filename } = file;
  if (id != null && data == null && address == null) {
    throw unsupported(
      `'${at}.file_id' is not supported: send the file itself in '${at}.file_data'.`,
      `${at}.file_id`,
    );
  }
  const path = data == null && address != null ? `${at}.file_url` : `${at}.file_data`;
  const url = urlOf(readString(data ?? address ?? undefined, path));
  const name = readOptional(filename, `${at}.filename`, readString);
  const mediaType = url.startsWith('data:')
    ? parseDataUrl(url, at).mediaType
    : (context.fetched.get(url)?.mediaType ?? '');
  const kind = kindOfMediaType(mediaType) ?? 'document';
  const media = readMedia(url, kind, path, context, name ?? (isFetchable(url) ? url : 'document'));
  switch (kind) {
    case 'document':
      return { document: { name: name ?? 'document', ...media } };
    case 'image':
      return { image: media };
    case 'video':
      return { video: media };
    case 'audio':
      return { audio: media };
  }
}

/** Base64 alone is data of a type that nothing declares. */
const urlOf = (text: string): string =>
  /^(data:|s3:)/.test(text) || isFetchable(text) ? text : `data:;base64,${text}`;
