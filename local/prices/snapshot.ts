import * as v from 'valibot';

/** A snapshot of prices and limits: what several sources say, row by row, with the letters of those that say it. */

const day = v.pipe(v.string(), v.isoDate('must be a day such as 2026-11-20'));
/** In micro-dollars for a million tokens, pico-dollars for one, every price must be a whole number. */
const usd = v.pipe(
  v.number('must be a number'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(100_000, 'must be at most 100000'),
  v.check((value) => Math.abs(value * 1e6 - Math.round(value * 1e6)) < 1e-5, 'has more than six decimals'),
);
const tokens = {
  input: v.optional(usd),
  output: v.optional(usd),
  cacheRead: v.optional(usd),
  cacheWrite: v.optional(usd),
  cacheWrite1h: v.optional(usd),
};
/** USD for one of them. */
const units = {
  perImage: v.optional(usd),
  perQuery: v.optional(usd),
  inputPerImage: v.optional(usd),
  inputPerVideoSecond: v.optional(usd),
  inputPerAudioSecond: v.optional(usd),
  /** These two for a million tokens. */
  inputAudio: v.optional(usd),
  outputAudio: v.optional(usd),
};
export const unitMembers = Object.keys(units) as readonly (keyof typeof units)[];
const count = v.pipe(v.number(), v.integer('must be a whole number'), v.minValue(1));
const factor = v.pipe(v.number('must be a number'), v.gtValue(0, 'must be more than 0'));

const row = v.strictObject({
  ...tokens,
  ...units,
  sources: v.pipe(v.string(), v.regex(/^[A-Z]+$/, 'must be letters of sources')),
  profiles: v.optional(v.array(v.pipe(v.string(), v.regex(/^[a-z]{2,4}(-[a-z]+)?$/)))),
  tiers: v.optional(v.record(v.string(), v.union([factor, v.strictObject(tokens)]))),
  longContext: v.optional(
    v.pipe(
      v.array(v.strictObject({ inputTokensAbove: count, ...tokens })),
      v.length(1, 'must have one row: more than one bound is not known of any model'),
    ),
  ),
});

const model = v.strictObject({
  kind: v.string(),
  prices: v.nullable(v.record(v.string(), row)),
  regions: v.optional(v.record(v.string(), v.strictObject(tokens))),
  limits: v.optional(
    v.strictObject({
      context: v.optional(count),
      maxOutput: v.optional(count),
      contextBy: v.optional(v.record(v.string(), count)),
      maxOutputBy: v.optional(v.record(v.string(), count)),
      sources: v.string(),
    }),
  ),
  endOfLife: v.optional(day),
  lifecycle: v.optional(v.string()),
  listed: v.optional(day),
  note: v.optional(v.string()),
  /** By scope and price: what each source says. */
  disagreements: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), v.number())))),
});

const source = v.object({
  name: v.string(),
  date: v.string(),
  licence: v.optional(v.string()),
  caution: v.optional(v.string()),
});

const snapshot = v.looseObject({
  asOf: day,
  sources: v.record(v.pipe(v.string(), v.length(1)), source),
  models: v.record(v.pipe(v.string(), v.regex(/^[a-z0-9-]+\.[a-z0-9.:-]+$/)), model),
});

export type Snapshot = v.InferOutput<typeof snapshot>;
export type SnapshotModel = v.InferOutput<typeof model>;
export type SnapshotRow = v.InferOutput<typeof row>;
export type SnapshotTokens = { [Name in keyof typeof tokens]?: number | undefined };

/** Reads a snapshot. Throws an Error with a line for everything that is wrong with it. */
export function readSnapshot(text: string): Snapshot {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), snapshot), text);
  const problems = result.success
    ? unknownSources(result.output)
    : result.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'} ${issue.message}`);
  if (result.success && problems.length === 0) return result.output;
  throw new Error(`This is no snapshot of prices:\n${problems.map((line) => `  ${line}`).join('\n')}`);
}

function unknownSources({ sources, models }: Snapshot): string[] {
  return Object.entries(models).flatMap(([id, { prices }]) =>
    Object.entries(prices ?? {}).flatMap(([scope, row]) =>
      [...row.sources]
        .filter((letter) => !Object.hasOwn(sources, letter))
        .map((letter) => `models.${id}.prices.${scope} names the source ${letter}, which is not described`),
    ),
  );
}
