import { bounds, checkLength } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import { isFetchable } from '../content/media.ts';
import type { Fields } from '../shared/json.ts';

/** The source of an image or a document, and where it stands. */
export interface Source {
  kind: 'image' | 'document';
  source: Fields;
  path: string;
}

type Change = (source: Source) => Fields;

/**
 * Messages with the sources of their files replaced by what `change` makes of them; what is not touched is the same as
 * before. They need not have been checked.
 */
export function mapSources(messages: readonly unknown[], change: Change): unknown[] {
  return messages.map((message, i) => {
    if (!isObject(message)) return message;
    const content = mapBlocks(message.content, `messages.${i}.content`, change);
    return content === message.content ? message : { ...message, content };
  });
}

function mapBlocks(content: unknown, at: string, change: Change): unknown {
  if (!Array.isArray(content)) return content;
  let changed = false;
  const blocks = content.map((block: unknown, i) => {
    const mapped = isObject(block) ? mapBlock(block, `${at}.${i}`, change) : block;
    changed ||= mapped !== block;
    return mapped;
  });
  return changed ? blocks : content;
}

function mapBlock(block: Fields, at: string, change: Change): Fields {
  if (block.type === 'tool_result') {
    const content = mapBlocks(block.content, `${at}.content`, change);
    return content === block.content ? block : { ...block, content };
  }
  if ((block.type !== 'image' && block.type !== 'document') || !isObject(block.source)) return block;
  const changed = change({ kind: block.type, source: block.source, path: `${at}.source` });
  const source =
    changed.type === 'content' ? mapContentSource(changed, `${at}.source.content`, change) : changed;
  return source === block.source ? block : { ...block, source };
}

/** A document whose content is a list of blocks, which may be images. */
function mapContentSource(source: Fields, at: string, change: Change): Fields {
  const content = mapBlocks(source.content, at, change);
  return content === source.content ? source : { ...source, content };
}

/**
 * The https URLs of images and documents, each once: what must be fetched before the conversation is sent. Throws a 400
 * for one that is longer than URLs are.
 */
export function fetchableUrls(messages: readonly unknown[]): string[] {
  const urls = new Set<string>();
  mapSources(messages, ({ source, path }) => {
    const { type, url } = source;
    if (type === 'url' && isFetchable(url)) {
      urls.add(checkLength(url, bounds.urlCharacters, `${path}.url`));
    }
    return source;
  });
  return [...urls];
}
