import { isObject } from '../../canonical/json.ts';
import type { Fields } from '../shared/json.ts';
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
  return { type, json_schema: { name: nameOf(given), ...membersOnly(given, ofSchema) } };
}

const longest = 64;

function nameOf({ name }: Fields): string {
  const said = typeof name === 'string' && name !== '' ? name : 'response';
  return said.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, longest);
}
