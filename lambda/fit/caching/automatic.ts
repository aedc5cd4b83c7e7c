import { isCachePoint } from '../../canonical/blocks.ts';
import type { CachePointBlock, ContentBlock, ConverseRequest } from '../../canonical/types.ts';
import { type Caching, mayFollow, pointsBeforeFiles } from './places.ts';

/**
 * Automatic mode: the end of the tools, of the system prompt and of the last two user turns, so that this call
 * reads what the last one wrote and the next one reads what this one writes.
 */
export function addPoints(request: ConverseRequest, caching: Caching): void {
  const point = (): CachePointBlock => ({ cachePoint: { type: 'default' } });
  const { toolConfig, system, messages } = request;
  if (toolConfig && mayFollow(toolConfig.tools.at(-1), 'tools', caching)) {
    request.toolConfig = { ...toolConfig, tools: [...toolConfig.tools, point()] };
  }
  if (system && mayFollow(system.at(-1), 'system', caching)) request.system = [...system, point()];
  request.messages = [...messages];
  let left = 2;
  for (let i = messages.length - 1; i >= 0 && left > 0; i -= 1) {
    const { role, content } = messages[i]!;
    const marked = pointsBeforeFiles([...content, point()]);
    if (role !== 'user' || !pointsMayStand(marked, caching)) continue;
    request.messages[i] = { role, content: marked };
    left -= 1;
  }
}

function pointsMayStand(content: readonly ContentBlock[], caching: Caching): boolean {
  return content.every((block, i) => !isCachePoint(block) || mayFollow(content[i - 1], 'messages', caching));
}
