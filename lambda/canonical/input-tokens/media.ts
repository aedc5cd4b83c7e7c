import { type Members, members, text } from '../json.ts';
import type { Counting } from './counting.ts';
import { imageSize } from './image-size.ts';

/** As of a video of some seconds on Nova; how long one is stands deep within it. */
export const recordingTokens = 4000;

const pixelsPerToken = 750;

/** By its size in pixels; one too large is made smaller before a model looks at it. */
export function imageTokens({ source }: Members, { image }: Counting): number {
  const { data, bytes } = members(source);
  const size = imageSize(text(data ?? bytes) ?? '');
  if (!size) return image.most;
  return Math.min(image.most, Math.max(image.least, Math.ceil((size.width * size.height) / pixelsPerToken)));
}

/**
 * Of a document that comes as a file, from its bytes alone. A page of a PDF is an image and its text, up to 3,000
 * tokens, and a request has at most 100 of them (https://platform.claude.com/docs/en/build-with-claude/pdf-support); how
 * many there are is guessed from the size.
 */
export function fileTokens({ format, source }: Members): number {
  const { data, bytes } = members(source);
  const isPdf = format === undefined || format === 'pdf';
  return isPdf ? Math.min(300_000, 3000 + byteLength(data ?? bytes) / 20) : packedTokens(data ?? bytes);
}

/** Of text that is packed or enciphered, in base64. */
export const packedTokens = (base64: unknown): number => byteLength(base64) / 3;

const byteLength = (base64: unknown): number => (text(base64)?.length ?? 0) * 0.75;
