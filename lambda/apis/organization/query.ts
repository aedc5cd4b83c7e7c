import { badRequest, unsupported } from '../shared/bad-request.ts';

/** What of the usage is asked for. */
export interface UsageQuery {
  /** Days of UTC as epoch seconds of their beginning, the first and the one after the last. */
  from: number;
  to: number;
  groupBy: ReadonlySet<string>;
  models: readonly string[];
  keys: readonly string[];
  /** Buckets of one page. */
  limit: number;
}

export interface QueryRules {
  groups: readonly string[];
  defaultLimit: number;
  maxLimit: number;
}

const daySeconds = 86_400;
/** Of the year 9999. */
const lastSecond = 253_402_300_799;
/** The items of a day are kept for so long. */
const keptDays = 400;
const known = [
  'start_time',
  'end_time',
  'bucket_width',
  'group_by',
  'models',
  'api_key_ids',
  'limit',
  'page',
];
/** OpenAI's filters by what does not exist here: to ignore one would be to answer another question. */
const foreign = ['project_ids', 'user_ids', 'batch', 'sources', 'sizes'];

/**
 * The query of OpenAI's usage API (https://platform.openai.com/docs/api-reference/usage). Lists may be repeated, with
 * `[]` after the name or without, or have commas. Throws GatewayError for what cannot be honoured. `now`: epoch seconds.
 */
export function readUsageQuery(query: URLSearchParams, rules: QueryRules, now: number): UsageQuery {
  for (const name of new Set([...query.keys()].map((key) => key.replace(/\[\]$/, '')))) {
    if (foreign.includes(name))
      throw unsupported(`\`${name}\` is not supported: use models or api_key_ids.`, name);
    if (!known.includes(name))
      throw badRequest(`Unknown parameter: \`${name.slice(0, 100)}\`. There are ${known.join(', ')}.`, name);
  }
  const width = query.get('bucket_width') ?? '1d';
  if (width !== '1d')
    throw unsupported(
      `\`bucket_width\` is ${shown(width)}: what was used is counted by day, so it must be 1d.`,
      'bucket_width',
    );
  const groupBy = listOf(query, 'group_by');
  const unknown = groupBy.find((name) => !rules.groups.includes(name));
  if (unknown !== undefined)
    throw unsupported(
      `\`group_by\` has ${shown(unknown)}: it must be some of ${rules.groups.join(', ')}.`,
      'group_by',
    );
  const start = time(query, 'start_time');
  if (start === undefined)
    throw badRequest(
      '`start_time` is missing: the first second, as seconds since 1970.',
      'start_time',
      'missing_required_parameter',
    );
  const end = time(query, 'end_time') ?? now + 1;
  if (end <= start) throw badRequest('`end_time` must be after `start_time`.', 'end_time');
  const oldest = startOfDay(now) - keptDays * daySeconds;
  const from = Math.max(oldest, startOfDay(pageOf(query) ?? start));
  return {
    from,
    to: Math.min(Math.max(from, startOfDay(end - 1) + daySeconds), startOfDay(now) + daySeconds),
    groupBy: new Set(groupBy),
    models: listOf(query, 'models'),
    keys: listOf(query, 'api_key_ids'),
    limit: limitOf(query, rules),
  };
}

const startOfDay = (seconds: number) => Math.floor(seconds / daySeconds) * daySeconds;
const shown = (value: string) => JSON.stringify(value.slice(0, 100));

function time(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/^\d{1,12}$/.test(text) && Number(text) <= lastSecond) return Number(text);
  throw badRequest(
    `\`${name}\` is ${shown(text)}: it must be a time in whole seconds since 1970, such as 1790000000.`,
    name,
  );
}

function limitOf(query: URLSearchParams, { defaultLimit, maxLimit }: QueryRules): number {
  const text = query.get('limit') ?? String(defaultLimit);
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw badRequest(`\`limit\` is ${shown(text)}: it must be a whole number from 1 to ${maxLimit}.`, 'limit');
}

/** Names the first day of the next page. */
export const pageAt = (seconds: number): string => `page_${seconds}`;

function pageOf(query: URLSearchParams): number | undefined {
  const text = query.get('page');
  if (text === null) return undefined;
  const [, digits] = /^page_(\d{1,12})$/.exec(text) ?? [];
  if (digits !== undefined && Number(digits) <= lastSecond) return Number(digits);
  throw badRequest(`\`page\` is ${shown(text)}: it must be the next_page of an answer.`, 'page');
}

/** Bounded: each value is compared with every row. */
function listOf(query: URLSearchParams, name: string): string[] {
  const all = [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap((text) => text.split(','));
  const values = [...new Set(all.filter((value) => value !== ''))];
  if (values.length <= 100) return values;
  throw badRequest(`\`${name}\` has more than 100 values.`, name);
}
