import type { Family } from '../../models/family.ts';
import type { SimulatedModel } from '../../models/model.ts';

/** What a body may say: to this model, with these flags, to be answered or only to be counted. */
export interface Allowance {
  model: SimulatedModel;
  family: Family;
  /** Flags of `anthropic_beta`, all of them known to the model. */
  betas: ReadonlySet<string>;
  counting: boolean;
}

/** Whether the body has the flag of one of these features, by the beginning of its name. */
export const asksFor = ({ betas }: Allowance, ...flags: readonly string[]): boolean =>
  [...betas].some((beta) => flags.some((flag) => beta.startsWith(flag)));

const has = (pattern: string) => {
  const ids = new RegExp(`^anthropic\\.claude-(?:${pattern})`);
  return ({ model }: Allowance): boolean => ids.test(model.id);
};

/** Toolsets that the client runs (AWS, "Anthropic Claude tool use"); without a flag, on the newest models. */
export const hasToolsets = has('(?:sonnet|opus)-5-5');
/** Claude 3.7 and everything since. */
export const since37 = has('3-7|(?:sonnet|opus|haiku)-[45]|fable|mythos');
/** Claude 4 and everything since. */
export const since4 = has('(?:sonnet|opus|haiku)-[45]|fable|mythos');
export const is35v2 = has('3-5-sonnet-20241022');
