import { isObject } from '../../canonical/json.ts';
import type { CachePointBlock } from '../../canonical/types.ts';
import type { Fields } from '../shared/json.ts';

/** Puts the cache point, where a client marks one, behind what it marks. */
export function pushCachePoint(list: { push(point: CachePointBlock): unknown }, marked: Fields): void {
  const point = cachePoint(marked);
  if (point) list.push(point);
}

/**
 * A client's mark that everything up to here may be cached: Anthropic's `cache_control` (as LiteLLM, Cline and
 * opencode send it) or OpenAI's `prompt_cache_breakpoint`, whose lifetimes of 30m and 12h come nearest to 1h.
 */
function cachePoint(marked: Fields): CachePointBlock | undefined {
  if (isObject(marked.cache_control)) {
    const { ttl } = marked.cache_control;
    return { cachePoint: { type: 'default', ...((ttl === '5m' || ttl === '1h') && { ttl }) } };
  }
  if (isObject(marked.prompt_cache_breakpoint)) {
    const { ttl } = marked.prompt_cache_breakpoint;
    return {
      cachePoint: { type: 'default', ...((ttl === '30m' || ttl === '12h') && { ttl: '1h' as const }) },
    };
  }
  return undefined;
}
