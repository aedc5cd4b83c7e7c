import { isCachePoint } from '../../canonical/blocks.ts';
import type { CachePointBlock } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import { mapContent } from '../content.ts';
import { ignore, warn } from '../notes.ts';
import type { Draft, FitStep } from '../types.ts';
import { addPoints } from './automatic.ts';
import { type Caching, filterPoints, mayFollow, points, pointsBeforeFiles } from './places.ts';

type Point = CachePointBlock['cachePoint'];

/** "A maximum of 4 blocks with cache_control may be provided." */
const most = 4;

/**
 * Cache points stand where the client set them, less those the model refuses. Runs last of the steps that
 * touch content: a point counts for what stands before it.
 */
export const fitCaching: FitStep = (draft, capabilities) => {
  const { caching } = capabilities;
  if (!caching) {
    if (filterPoints(draft.request, () => false) > 0) ignore(draft, 'cachePoint');
    return;
  }
  const automatic = draft.intent.cacheMode === 'auto' && capabilities.family !== 'unknown';
  if (automatic && points(draft.request).length === 0) addPoints(draft.request, caching);
  if (points(draft.request).length === 0) return;
  draft.request.messages = mapContent(draft.request.messages, pointsBeforeFiles);
  const misplaced = filterPoints(draft.request, (place, before) => mayFollow(before, place, caching));
  if (misplaced > 0) ignore(draft, 'cachePoint');
  keepFour(draft);
  fitTtl(draft, caching);
};

/**
 * The last point before the messages stays, because every conversation shares that prefix; of the others the
 * last ones, because they hold the longest prefix and the next turn finds it from there (Bedrock looks back
 * about twenty blocks).
 */
function keepFour(draft: Draft): void {
  const all = points(draft.request);
  if (all.length <= most) return;
  const shared = all.findLast(({ place }) => place !== 'messages');
  const latest = all.slice(-most);
  const chosen = !shared || latest.includes(shared) ? latest : [shared, ...latest.slice(1)];
  const keep = all.map((point) => chosen.includes(point));
  let index = 0;
  filterPoints(draft.request, () => keep[index++] === true);
  warn(
    draft,
    note`${all.length - most} of ${all.length} cache points left out because a request may have ${most}`,
  );
}

/** "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block" */
function fitTtl(draft: Draft, caching: Caching): void {
  let short = false;
  const fitted = ({ cachePoint }: CachePointBlock): CachePointBlock => {
    const long = cachePoint.ttl === '1h' && caching.ttl1h && !short;
    if (cachePoint.ttl === '1h' && !long) warn(draft, shorter(caching));
    short ||= !long;
    const { ttl, ...plain } = cachePoint;
    const point: Point = caching.ttl1h && (long || ttl === '5m') ? cachePoint : plain;
    return { cachePoint: point };
  };
  const mapped = <T extends object>(list: T[]): T[] =>
    list.some(isCachePoint)
      ? list.map((block) => (isCachePoint(block) ? (fitted(block) as CachePointBlock & T) : block))
      : list;
  const { toolConfig, system } = draft.request;
  if (toolConfig) draft.request.toolConfig = { ...toolConfig, tools: mapped(toolConfig.tools) };
  if (system) draft.request.system = mapped(system);
  draft.request.messages = mapContent(draft.request.messages, mapped);
}

const shorter = (caching: Caching) =>
  caching.ttl1h
    ? note`a cache point with ttl 1h became 5m because it follows one of 5m`
    : note`${field('cachePoint')} ttl 1h is not supported by this model: 5m instead`;
