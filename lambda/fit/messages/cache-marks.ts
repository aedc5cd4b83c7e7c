import type { Json, JsonObject } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { ignore, warn } from '../notes.ts';
import { type Block, blocksOf, type NativeDraft, type NativeStep, objectAt } from './draft.ts';
import { mapMarked, markIn, type Place, withMark } from './marked.ts';

type Caching = NonNullable<Capabilities['caching']>;

/** "A maximum of 4 blocks with cache_control may be provided." */
const most = 4;

/**
 * `cache_control` where the client set it, less what the model refuses. Runs last of the steps that touch content: a mark
 * counts for what stands before it.
 */
export const fitCacheMarks: NativeStep = (draft, { caching }) => {
  const automatic = objectAt(draft.body.cache_control);
  delete draft.body.cache_control;
  if (!caching) {
    const removed = removeMarks(draft, () => false);
    if (removed > 0 || automatic) ignore(draft, 'cachePoint');
    return;
  }
  removeMarks(draft, ({ mark, block }) => mark.type === 'ephemeral' && mayCarry(block));
  if (automatic?.type === 'ephemeral') markEnd(draft, automatic);
  if (draft.cacheMode === 'auto' && marks(draft).length === 0) addMarks(draft);
  keepFour(draft);
  fitTtl(draft, caching);
};

interface Found {
  place: Place;
  mark: JsonObject;
  block: Block;
}

function marks(draft: NativeDraft): Found[] {
  const found: Found[] = [];
  mapMarked(draft, (mark, place, block) => {
    found.push({ mark, place, block });
    return mark;
  });
  return found;
}

/** Asks of every mark, in the order in which they count, whether it stays; returns how many do not. */
function removeMarks(draft: NativeDraft, stays: (found: Found) => boolean): number {
  let removed = 0;
  mapMarked(draft, (mark, place, block) => {
    if (stays({ mark, place, block })) return mark;
    removed += 1;
    return undefined;
  });
  return removed;
}

/** "Tools with defer_loading cannot use prompt caching."; thinking has no such member. */
const mayCarry = ({ type, defer_loading }: Block): boolean =>
  type !== 'thinking' && type !== 'redacted_thinking' && defer_loading !== true;

/** The last block that may carry a mark; undefined where there is none. */
function marked(blocks: Block[], mark: JsonObject): Block[] | undefined {
  const at = blocks.findLastIndex(mayCarry);
  const block = blocks[at];
  if (!block || markIn(block)) return undefined;
  return blocks.with(at, withMark(block, mark));
}

/** A mark of the whole request stands for one on the last block of its last message. */
function markEnd(draft: NativeDraft, { type, ttl }: JsonObject): void {
  markTurn(draft, draft.messages.length - 1, ttl === undefined ? { type: type! } : { type: type!, ttl });
}

function markTurn(draft: NativeDraft, at: number, mark: JsonObject): boolean {
  const turn = draft.messages[at];
  const content = turn && marked(blocksOf(turn.content), mark);
  if (content) draft.messages = draft.messages.with(at, { ...turn, content });
  return content !== undefined;
}

/**
 * Automatic mode: the end of the tools, of the system prompt and of the last two user turns, so that this call reads what
 * the last one wrote and the next one reads what this one writes.
 */
function addMarks(draft: NativeDraft): void {
  const mark: JsonObject = { type: 'ephemeral' };
  draft.tools = marked(draft.tools, mark) ?? draft.tools;
  if (draft.system) draft.system = marked(blocksOf(draft.system), mark) ?? draft.system;
  let left = 2;
  for (let i = draft.messages.length - 1; i >= 0 && left > 0; i -= 1)
    if (draft.messages[i]!.role === 'user' && markTurn(draft, i, mark)) left -= 1;
}

/** As on Converse: the last mark before the messages, which all conversations share, and the latest of the others. */
function keepFour(draft: NativeDraft): void {
  const all = marks(draft);
  if (all.length <= most) return;
  const shared = all.findLast(({ place }) => place !== 'messages');
  const latest = all.slice(-most);
  const chosen = new Set(!shared || latest.includes(shared) ? latest : [shared, ...latest.slice(1)]);
  let index = 0;
  removeMarks(draft, () => chosen.has(all[index++]!));
  warn(
    draft,
    note`${all.length - most} of ${all.length} cache points left out because a request may have ${most}`,
  );
}

/** "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block" */
function fitTtl(draft: NativeDraft, caching: Caching): void {
  let short = false;
  mapMarked(draft, (mark) => {
    const { ttl } = mark;
    const long = isLong(ttl) && caching.ttl1h && !short;
    if (isLong(ttl) && !long) warn(draft, shorter(caching));
    short ||= !long;
    if (ttl === undefined || long || (ttl === '5m' && caching.ttl1h)) return mark;
    const { ttl: _, ...plain } = mark;
    return plain;
  });
}

const isLong = (ttl: Json | undefined): boolean => ttl === '1h';

const shorter = (caching: Caching) =>
  caching.ttl1h
    ? note`a cache point with ttl 1h became 5m because it follows one of 5m`
    : note`${field('cachePoint')} ttl 1h is not supported by this model: 5m instead`;
