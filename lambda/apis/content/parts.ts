import type { ContentBlock } from '../../canonical/types.ts';
import { type Fields, notAllowed, readObject } from '../shared/json.ts';
import { pushCachePoint } from './cache-marks.ts';
import type { PartContext } from './context.ts';

/** A content part of a message to its content block. */
export type ReadPart = (part: Fields, path: string, context: PartContext) => ContentBlock;

/**
 * String or part content to a new list of content blocks, cache marks included. An unknown part type is a 400:
 * leaving a part out would change what was asked. Where it would not, `unknown` takes note of it instead.
 */
export function readContent(
  content: unknown,
  path: string,
  readers: Readonly<Record<string, ReadPart>>,
  context: PartContext,
  unknown?: (type: unknown, path: string) => void,
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
    if (!reader) {
      if (!unknown) throw notAllowed(type, `${at}.type`, Object.keys(readers));
      unknown(type, at);
      return;
    }
    blocks.push(reader(part, at, context));
    pushCachePoint(blocks, part);
  });
  return blocks;
}
