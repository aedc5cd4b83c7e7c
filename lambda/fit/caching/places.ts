import { isCachePoint } from '../../canonical/blocks.ts';
import type { CachePointBlock, ContentBlock, ConverseRequest } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { mapContent } from '../content.ts';

export type Caching = NonNullable<Capabilities['caching']>;
export type Place = 'tools' | 'system' | 'messages';
export interface Found {
  place: Place;
  block: CachePointBlock;
}

/**
 * Converse refuses a point at the head of a list, right after a document or a video (pydantic-ai) and, as
 * Anthropic does, after thinking; two in a row cache the same. Nova takes none in tools or after a tool result.
 */
export function mayFollow(before: object | undefined, place: Place, caching: Caching): boolean {
  if (before === undefined || isCachePoint(before)) return false;
  if (place === 'tools') return caching.tools;
  if ('toolResult' in before) return caching.afterToolResult;
  return !(isFile(before) || 'reasoningContent' in before);
}

/** Asks of every point, in the order Bedrock caches them, whether it stays; returns how many were taken out. */
export function filterPoints(
  request: ConverseRequest,
  keep: (place: Place, before: object | undefined) => boolean,
): number {
  let removed = 0;
  const filtered = <T extends object>(place: Place, list: T[]): T[] => {
    if (!list.some(isCachePoint)) return list;
    const kept: T[] = [];
    for (const block of list) if (!isCachePoint(block) || keep(place, kept.at(-1))) kept.push(block);
    removed += list.length - kept.length;
    return kept;
  };
  const { toolConfig, system } = request;
  if (toolConfig) request.toolConfig = { ...toolConfig, tools: filtered('tools', toolConfig.tools) };
  if (system) request.system = filtered('system', system);
  request.messages = mapContent(request.messages, (content) => filtered('messages', content));
  return removed;
}

/** All points in the order tools → system → messages. */
export function points(request: ConverseRequest): Found[] {
  const found: Found[] = [];
  const collect = (place: Place, list: readonly object[]) => {
    for (const block of list) if (isCachePoint(block)) found.push({ place, block });
  };
  collect('tools', request.toolConfig?.tools ?? []);
  collect('system', request.system ?? []);
  for (const message of request.messages) collect('messages', message.content);
  return found;
}

/**
 * A point that may not stand right after files moves in front of them, where there is something to cache:
 * what comes before is still worth it (pydantic-ai does the same).
 */
export function pointsBeforeFiles(content: ContentBlock[]): ContentBlock[] {
  if (!content.some(isCachePoint)) return content;
  const moved: ContentBlock[] = [];
  for (const block of content) {
    const files = isCachePoint(block)
      ? moved.length - 1 - moved.findLastIndex((before) => !isFile(before))
      : 0;
    const before = moved[moved.length - files - 1];
    if (files > 0 && before && !isCachePoint(before)) moved.splice(moved.length - files, 0, block);
    else moved.push(block);
  }
  return moved;
}

const isFile = (block: object): boolean => 'document' in block || 'video' in block;
