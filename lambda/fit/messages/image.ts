import type { Capabilities } from '../../models/capabilities.ts';
import { detectFormat } from '../media/format.ts';
import { type Block, objectAt } from './draft.ts';

/** Spelled as Anthropic's API has them. */
const known: readonly unknown[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/**
 * An image whose media type is none, or is compared with the bytes and differs from them: "The image was specified using
 * the image/png media type, but the image appears to be a image/jpeg image". Not every model compares (recorded: Claude
 * 3.5 read PNG bytes declared jpeg), so what is declared stays until a model has refused it.
 */
export function withSeenFormat(
  block: Block,
  { mediaFormatByBytes }: Pick<Capabilities, 'mediaFormatByBytes'>,
): Block {
  const source = objectAt(block.source);
  if (
    !source ||
    typeof source.data !== 'string' ||
    (known.includes(source.media_type) && !mediaFormatByBytes)
  )
    return block;
  const seen = detectFormat('image', source.data);
  const media_type = `image/${seen}`;
  if (seen === undefined || source.media_type === media_type) return block;
  return { ...block, source: { ...source, media_type } };
}
