import { detectFormat } from '../media/format.ts';
import { type Block, objectAt } from './draft.ts';

/**
 * Claude compares an image with its media type: "The image was specified using the image/png media type, but the image
 * appears to be a image/jpeg image". The bytes are right.
 */
export function withSeenFormat(block: Block): Block {
  const source = objectAt(block.source);
  if (!source || typeof source.data !== 'string') return block;
  const seen = detectFormat('image', source.data);
  const media_type = `image/${seen}`;
  if (seen === undefined || source.media_type === media_type) return block;
  return { ...block, source: { ...source, media_type } };
}
