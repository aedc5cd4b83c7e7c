/** Every optimisation technique and plugin, as requests, keys and settings name them. */
export const techniqueNames = [
  'cot_reflection',
  'bon',
  'moa',
  'mcts',
  'rto',
  'self_consistency',
  'plansearch',
  'leap',
  're2',
  'rstar',
  'z3',
  'pvg',
  'memory',
  'privacy',
  'readurls',
  'executecode',
] as const;
export type TechniqueName = (typeof techniqueNames)[number];

/** Names that an expression may hold; `none` is the plain answer. */
export type StageName = TechniqueName | 'none';

const names: ReadonlySet<string> = new Set(techniqueNames);

export const isTechnique = (name: string): name is TechniqueName => names.has(name);
export const isStage = (name: string): name is StageName => name === 'none' || isTechnique(name);
