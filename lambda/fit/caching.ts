import type { CachePointBlock, ConverseRequest } from '../canonical/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { ignore, warn } from './notes.ts';
import type { Draft, FitStep } from './types.ts';

type Caching = NonNullable<Capabilities['caching']>;
type Place = 'tools' | 'system' | 'messages';
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
    if (edit(draft.request, (_, block) => !isPoint(block)) > 0) ignore(draft, 'cache_control');
    return;
  }
  const automatic = draft.intent.cacheMode === 'auto' && capabilities.family !== 'unknown';
  if (automatic && points(draft.request).length === 0) addPoints(draft.request, caching);
  const misplaced = edit(draft.request, (place, block, before) => {
    return !isPoint(block) || mayFollow(before, place, caching);
  });
  if (misplaced > 0) ignore(draft, 'cache_control');
  keepFour(draft);
  fitTtl(draft, caching);
};

const isPoint = (block: object): block is CachePointBlock => 'cachePoint' in block;

/**
 * Converse refuses a point at the head of a list, right after a document or a video (pydantic-ai) and, as
 * Anthropic does, after thinking; two in a row cache the same. Nova takes none in tools or after a tool result.
 */
function mayFollow(before: object | undefined, place: Place, caching: Caching): boolean {
  if (before === undefined || isPoint(before)) return false;
  if (place === 'tools') return caching.tools;
  if ('toolResult' in before) return caching.afterToolResult;
  return !('document' in before || 'video' in before || 'reasoningContent' in before);
}

/** Filters every list of blocks in the order Bedrock caches them; returns how many were taken out. */
function edit(
  request: ConverseRequest,
  keep: (place: Place, block: object, before: object | undefined) => boolean,
): number {
  let removed = 0;
  const filtered = <T extends object>(place: Place, list: T[]): T[] => {
    const kept: T[] = [];
    for (const block of list) if (keep(place, block, kept.at(-1))) kept.push(block);
    removed += list.length - kept.length;
    return kept;
  };
  const { toolConfig, system } = request;
  if (toolConfig) request.toolConfig = { ...toolConfig, tools: filtered('tools', toolConfig.tools) };
  if (system) request.system = filtered('system', system);
  for (const message of request.messages) message.content = filtered('messages', message.content);
  return removed;
}

/** All points in the order tools → system → messages. */
function points(request: ConverseRequest): { place: Place; block: CachePointBlock }[] {
  const found: { place: Place; block: CachePointBlock }[] = [];
  const collect = (place: Place, list: readonly object[]) => {
    for (const block of list) if (isPoint(block)) found.push({ place, block });
  };
  collect('tools', request.toolConfig?.tools ?? []);
  collect('system', request.system ?? []);
  for (const message of request.messages) collect('messages', message.content);
  return found;
}

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
  edit(draft.request, (_, block) => !isPoint(block) || keep[index++] === true);
  warn(
    draft,
    `${all.length - most} of ${all.length} cache points left out because a request may have ${most}`,
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
    list.map((block) => (isPoint(block) ? (fitted(block) as CachePointBlock & T) : block));
  const { toolConfig, system } = draft.request;
  if (toolConfig) draft.request.toolConfig = { ...toolConfig, tools: mapped(toolConfig.tools) };
  if (system) draft.request.system = mapped(system);
  for (const message of draft.request.messages) message.content = mapped(message.content);
}

const shorter = (caching: Caching) =>
  caching.ttl1h
    ? 'a cache point with ttl 1h became 5m because it follows one of 5m'
    : 'cache_control ttl 1h is not supported by this model: 5m instead';

/** Automatic mode: the end of the tools, of the system prompt and of the last two user turns. */
function addPoints(request: ConverseRequest, caching: Caching): void {
  const point = (): CachePointBlock => ({ cachePoint: { type: 'default' } });
  const { toolConfig, system, messages } = request;
  if (toolConfig && mayFollow(toolConfig.tools.at(-1), 'tools', caching)) {
    request.toolConfig = { ...toolConfig, tools: [...toolConfig.tools, point()] };
  }
  if (system && mayFollow(system.at(-1), 'system', caching)) request.system = [...system, point()];
  const turns = messages.filter(
    ({ role, content }) => role === 'user' && mayFollow(content.at(-1), 'messages', caching),
  );
  for (const message of turns.slice(-2)) message.content = [...message.content, point()];
}
