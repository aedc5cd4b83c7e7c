import type { CachePointBlock, ConverseRequest } from '../../canonical/types.ts';
import { type Caching, isPoint, mayFollow, pointsBeforeFiles } from './places.ts';

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
  const turns = messages.flatMap((message) => {
    const content = pointsBeforeFiles([...message.content, point()]);
    const fine = content.every(
      (block, i) => !isPoint(block) || mayFollow(content[i - 1], 'messages', caching),
    );
    return message.role === 'user' && fine ? [{ message, content }] : [];
  });
  for (const { message, content } of turns.slice(-2)) message.content = content;
}
