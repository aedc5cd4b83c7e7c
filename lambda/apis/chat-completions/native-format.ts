import { formatName } from '../../canonical/format-name.ts';
import { isObject } from '../../canonical/json.ts';
import { membersOnly } from './message-members.ts';

const ofSchema = ['description', 'schema', 'strict'];

/**
 * The format of an answer without members of other formats, which are refused ("Unknown parameter:
 * 'response_format.json_schema'."), its schema under a name that it may have.
 */
export function formatOf(format: unknown): unknown {
  if (!isObject(format)) return format;
  const { type, json_schema: given } = format;
  if (type !== 'json_schema' || !isObject(given)) return { type };
  return { type, json_schema: { name: formatName(given.name), ...membersOnly(given, ofSchema) } };
}
