import { bounds, checkLength } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import { readAudio, readFile } from '../content/files.ts';
import { isFetchable, readMedia } from '../content/media.ts';
import type { ReadPart } from '../content/parts.ts';
import { readObject, readOptional, readString } from '../shared/json.ts';

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

const file: ReadPart = (part, path, context) => {
  const at = `${path}.file`;
  return readFile(readObject(part.file, at), at, context);
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
  input_audio: readAudio,
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
