import { detectFormat } from '../../canonical/detect-format.ts';
import { isObject } from '../../canonical/json.ts';
import type { DocumentBlock, ImageBlock } from '../../canonical/types.ts';
import { readString, wrongValue } from '../anthropic/reading.ts';
import type { PartContext } from '../content/context.ts';
import { type Media, mediaOf, readBase64, readMedia } from '../content/media.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { Fields } from '../shared/json.ts';
import { type Block, blocksOf } from './conversation.ts';
import type { Losses } from './losses.ts';

/** Needed to read blocks with files. */
export interface MediaContext extends PartContext {
  losses: Losses;
}

export function readImage({ source }: Block, at: string, context: MediaContext): ImageBlock {
  return { image: readFile(source as Fields, 'image', `${at}.source`, context) };
}

export function readDocument(block: Block, at: string, context: MediaContext): DocumentBlock {
  const { source: given, title, context: about, citations } = block;
  const name = typeof title === 'string' && title !== '' ? title : 'document';
  return {
    document: {
      name,
      ...documentSource(given as Fields, `${at}.source`, context, name),
      ...(typeof about === 'string' && about !== '' && { context: about }),
      ...citationsOf(citations),
    },
  };
}

export function citationsOf(citations: unknown): { citations?: { enabled: boolean } } {
  return isObject(citations) && typeof citations.enabled === 'boolean'
    ? { citations: { enabled: citations.enabled } }
    : {};
}

function documentSource(source: Fields, at: string, context: MediaContext, name: string) {
  switch (source.type) {
    case 'text':
      return { format: 'txt', source: { text: readString(source.data, `${at}.data`) } };
    case 'content':
      return { source: { content: textsOf(source.content, `${at}.content`, context) } };
    default:
      return readFile(source, 'document', at, context, name);
  }
}

/** Converse takes texts in such a document, and no images. */
function textsOf(content: unknown, at: string, { losses }: MediaContext) {
  if (typeof content === 'string') return [{ text: content }];
  return blocksOf(content).flatMap(({ type, text }, i) => {
    if (type === 'text') return [{ text: readString(text, `${at}.${i}.text`) }];
    losses.add(`${type} in a document`);
    return [];
  });
}

function readFile(
  source: Fields,
  kind: 'image' | 'document',
  at: string,
  context: PartContext,
  name?: string,
): Media {
  switch (source.type) {
    case 'base64': {
      const bytes = readBase64(readString(source.data, `${at}.data`), `${at}.data`);
      const mediaType = seenType(source, kind, bytes) ?? readString(source.media_type, `${at}.media_type`);
      return mediaOf({ mediaType: mediaType.trim().toLowerCase(), bytes }, kind, at, name);
    }
    case 'url':
      return readMedia(readString(source.url, `${at}.url`), kind, `${at}.url`, context);
    case 'file':
      throw unsupported(
        `${at}: files that were uploaded to Anthropic cannot be reached from Amazon Bedrock. Send the file itself, as base64.`,
        at,
      );
    default:
      throw wrongValue(source.type, `${at}.type`, "'base64', 'url', 'text' or 'content'");
  }
}

/** Of an image whose declared type is none that there is. */
function seenType({ media_type }: Fields, kind: 'image' | 'document', bytes: string): string | undefined {
  if (kind !== 'image' || imageTypes.test(String(media_type))) return undefined;
  const seen = detectFormat('image', bytes);
  return seen && `image/${seen}`;
}
const imageTypes = /^\s*image\/(?:png|jpe?g|gif|webp)\s*$/i;
