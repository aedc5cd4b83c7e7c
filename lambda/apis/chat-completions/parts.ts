import { bounds, checkLength } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import { kindOfMediaType } from '../../canonical/media-formats.ts';
import type { ContentBlock } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import type { PartContext } from '../content/context.ts';
import { isFetchable, parseDataUrl, readBase64, readMedia } from '../content/media.ts';
import { unsupported } from '../shared/bad-request.ts';
import { type Fields, notAllowed, readObject, readOptional, readString } from '../shared/json.ts';

/** A content part of a message to its content block. */
type ReadPart = (part: Fields, path: string, context: PartContext) => ContentBlock;

const text: ReadPart = (part, path) => ({ text: readString(part.text, `${path}.text`) });

const image: ReadPart = (part, path, context) => {
  const at = `${path}.image_url`;
  const url = isObject(part.image_url)
    ? readString(part.image_url.url, `${at}.url`)
    : readString(part.image_url, at);
  return { image: readMedia(url, 'image', at, context) };
};

const video: ReadPart = (part, path, context) => {
  const at = `${path}.video_url`;
  const url = isObject(part.video_url)
    ? readString(part.video_url.url, `${at}.url`)
    : readString(part.video_url, at);
  return { video: readMedia(url, 'video', at, context) };
};

const audio: ReadPart = (part, path) => {
  const at = `${path}.input_audio`;
  const { data, format } = readObject(part.input_audio, at);
  return {
    audio: {
      format: readString(format, `${at}.format`),
      source: { bytes: readBase64(readString(data, `${at}.data`), `${at}.data`) },
    },
  };
};

const file: ReadPart = (part, path, context) => {
  const at = `${path}.file`;
  const { file_data, filename, file_id } = readObject(part.file, at);
  if (file_id != null && file_data == null) {
    throw unsupported(
      `'${at}.file_id' is not supported: send the file itself in '${at}.file_data'.`,
      `${at}.file_id`,
    );
  }
  const data = readString(file_data, `${at}.file_data`);
  const name = readOptional(filename, `${at}.filename`, readString) ?? 'document';
  const url = /^(data:|s3:)/.test(data) ? data : `data:;base64,${data}`;
  const mediaType = url.startsWith('data:') ? parseDataUrl(url, at).mediaType : '';
  const kind = kindOfMediaType(mediaType) ?? 'document';
  const media = readMedia(url, kind, `${at}.file_data`, context, name);
  switch (kind) {
    case 'document':
      return { document: { name, ...media } };
    case 'image':
      return { image: media };
    case 'video':
      return { video: media };
    case 'audio':
      return { audio: media };
  }
};

const guarded: ReadPart = (part, path) => ({
  guardContent: { text: { text: readString(part.text, `${path}.text`) } },
});

const refusal: ReadPart = (part, path) => ({ text: readString(part.refusal, `${path}.refusal`) });

const thinking: ReadPart = (part, path) => {
  const signature = readOptional(part.signature, `${path}.signature`, readString);
  const words = readOptional(part.thinking, `${path}.thinking`, readString) ?? '';
  return { reasoningContent: { reasoningText: { text: words, ...(signature && { signature }) } } };
};

const redacted: ReadPart = (part, path) => ({
  reasoningContent: { redactedContent: readString(part.data, `${path}.data`) },
});

export const plainParts = { text, input_text: text };
export const userParts = {
  ...plainParts,
  image_url: image,
  input_image: image,
  file,
  input_audio: audio,
  video_url: video,
  guarded_text: guarded,
};
export const assistantParts = {
  ...plainParts,
  output_text: text,
  refusal,
  thinking,
  redacted_thinking: redacted,
};
export const toolParts = { ...plainParts, image_url: image, file, video_url: video };

/**
 * String or part content to a new list of content blocks, cache marks included. An unknown part type is a 400:
 * leaving a part out would change what was asked.
 */
export function readContent(
  content: unknown,
  path: string,
  readers: Readonly<Record<string, ReadPart>>,
  context: PartContext,
): ContentBlock[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return [{ text: content }];
  if (!Array.isArray(content)) throw notAllowed(content, path, ['a string', 'an array of content parts']);
  const blocks: ContentBlock[] = [];
  content.forEach((item: unknown, i) => {
    const at = `${path}[${i}]`;
    if (typeof item === 'string') {
      blocks.push({ text: item });
      return;
    }
    const part = readObject(item, at);
    const { type } = part;
    const reader = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined;
    if (!reader) throw notAllowed(type, `${at}.type`, Object.keys(readers));
    blocks.push(reader(part, at, context));
    pushCachePoint(blocks, part);
  });
  return blocks;
}

/**
 * The https URLs of images in a conversation, each once: what must be fetched before it is translated. Throws a
 * 400 for one that is longer than URLs are.
 */
export function fetchableUrls(messages: unknown[]): string[] {
  const urls = new Set<string>();
  messages.forEach((message, i) => {
    if (!isObject(message) || !Array.isArray(message.content)) return;
    message.content.forEach((part: unknown, j) => {
      if (!isObject(part) || part.image_url === undefined) return;
      const url = isObject(part.image_url) ? part.image_url.url : part.image_url;
      if (!isFetchable(url)) return;
      urls.add(checkLength(url, bounds.urlCharacters, `messages[${i}].content[${j}].image_url`));
    });
  });
  return [...urls];
}
