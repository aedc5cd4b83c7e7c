import type { JsonObject } from '../../../canonical/types.ts';
import { isCompaction } from '../compaction.ts';
import { isSealed } from '../sealed.ts';
import { responseOf } from './records.ts';

/** A summary of the gateway's own: one of a model that speaks Responses is opened, and minded, by that model alone. */
const isSummary = ({ type, id, encrypted_content: sealed }: JsonObject): boolean =>
  isCompaction(type) &&
  typeof sealed === 'string' &&
  isSealed(sealed) &&
  typeof id === 'string' &&
  responseOf(id) !== undefined;

/** As POST /responses/compact and the prompt for a summary have it: instructions, and the user's own words. */
const outlives = ({ type, role }: JsonObject): boolean =>
  type === 'message' ? role !== 'assistant' : type === 'additional_tools' || type === 'configuration_update';

/**
 * What goes on of what was said: the last summary takes the place of all before it that it was made of. Without that a
 * chain would grow by what was to shorten it.
 */
export function sinceSummary(items: JsonObject[]): JsonObject[] {
  const last = items.findLastIndex(isSummary);
  return last < 0 ? items : [...items.slice(0, last).filter(outlives), ...items.slice(last)];
}

/** An answer's items as they may go on: a summary that was cut off or filtered takes no one's place. */
export const wholeItems = (items: JsonObject[], { status }: JsonObject): JsonObject[] =>
  status === 'completed' ? items : items.filter((item) => !isSummary(item));
