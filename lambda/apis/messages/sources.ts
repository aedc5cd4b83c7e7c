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

type Map = (source: Source) => Fields;

/**
 * Messages with the sources of their files replaced by what `map` makes of them; what is not touched is the same as
 * before. They need not have been checked.
 */
export function mapSources(messages: readonly unknown[], map: Map): unknown[] {
  return messages.map((message, i) => {
    if (!isObject(message)) return message;
    const content = mapBlocks(message.content, `messages.${i}.content`, map);
    return content === message.content ? message : { ...message, content };
  });
}

function mapBlocks(content: unknown, at: string, map: Map): unknown {
  if (!Array.isArray(content)) return content;
  let changed = false;
  const blocks = content.map((block: unknown, i) => {
    const mapped = isObject(block) ? mapBlock(block, `${at}.${i}`, map) : block;
    changed ||= mapped !== block;
    return mapped;
  });
  return changed ? blocks : content;
}

function mapBlock(block: Fields, at: string, map: Map): Fields {
  if (block.type === 'tool_result') {
    const content = mapBlocks(block.content, `${at}.content`, map);
    return content === block.content ? block : { ...block, content };
  }
  if ((block.type !== 'image' && block.type !== 'document') || !isObject(block.source)) return block;
  const source = map({ kind: block.type, source: block.source, path: `${at}.source` });
  return source === block.source ? block : { ...block, source };
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
