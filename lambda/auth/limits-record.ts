import * as v from 'valibot';

/** What a key or a team may use at most. Each member is a limit of its own; absent: none of that kind. */

const dollars = (what: string) =>
  v.pipe(
    v.number(`must be a number of US dollars a ${what}, such as 25 or 0.5`),
    v.minValue(0.000001, `must be more than 0 dollars a ${what}: shut a key by revoking it`),
    v.maxValue(10_000_000, `must be at most 10000000 dollars a ${what}`),
    v.check(
      (value) => Math.abs(value * 1e6 - Math.round(value * 1e6)) < 1e-3,
      'must have at most six digits after the point',
    ),
  );

const count = (what: string, max: number) => {
  const message = `must be a whole number of ${what} from 1 to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(1, message), v.maxValue(max, message));
};

/** An item of the table holds the calls that are open, and a write costs by the KB. */
export const mostConcurrent = 100;

/** Strict: a member that is not known might be a limit, and a limit must not be passed over. */
export const limitsRecord = v.strictObject(
  {
    requestsPerMinute: v.optional(count('requests', 1_000_000)),
    tokensPerMinute: v.optional(count('tokens', 1_000_000_000)),
    dollarsPerDay: v.optional(dollars('day')),
    dollarsPerMonth: v.optional(dollars('month')),
    concurrent: v.optional(count('requests at a time', mostConcurrent)),
    mode: v.optional(v.picklist(['hard', 'soft'], 'must be hard or soft')),
    unpriced: v.optional(v.literal('allow', 'must be allow, or absent')),
  },
  'must be an object with some of requestsPerMinute, tokensPerMinute, dollarsPerDay, dollarsPerMonth, concurrent, mode and unpriced, and no unknown member',
);
export type Limits = v.InferOutput<typeof limitsRecord>;

/** Of a key or a team. */
export const recordName = v.pipe(
  v.string('must be text'),
  v.regex(/^[A-Za-z0-9][\w .@:/-]{0,63}$/, 'must be 1 to 64 letters, digits, spaces or any of _ . @ : / -'),
);

/** A team, as it stands beside the keys: a name that keys have in common, and what they may use together. */
export const teamRecord = v.strictObject(
  { name: recordName, limits: v.optional(limitsRecord) },
  'must have name and limits, and no unknown member',
);
export type TeamRecord = v.InferOutput<typeof teamRecord>;

export const readTeam = (record: unknown) => v.safeParse(teamRecord, record, { abortPipeEarly: true });
