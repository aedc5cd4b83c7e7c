import type { StageName } from '../settings/techniques.ts';

/** A parameter of a technique: its range, what it is where nobody says, and whether only whole numbers are taken. */
export interface Parameter {
  min: number;
  max: number;
  /** Absent: the technique finds out. */
  usual?: number;
  fraction?: true;
}

/** What of a request a technique works on. */
export type Kind =
  /** Rewrites the conversation. */
  | 'transform'
  /** Changes what goes out to the model and what comes in. */
  | 'wrapper'
  /** Makes an answer. */
  | 'solver';

export type Params = Readonly<Record<string, number>>;

export interface TechniqueRow {
  kind: Kind;
  /** What its calls are for, and with its name before it their steps: those that a request may give models of their own. */
  roles: readonly string[];
  params: Readonly<Record<string, Parameter>>;
  /** Calls that it makes whatever happens, without the answer call that ends a chain of transforms and wrappers. */
  certain(params: Params): number;
  /** Of these, the last one is the answer call, for which one is kept. */
  endsInAnswer?: true;
  /** Goes on working where tools may be called. */
  besideTools?: true;
}

const whole = (min: number, max: number, usual?: number): Parameter => ({
  min,
  max,
  ...(usual !== undefined && { usual }),
});
const n = (usual: number) => whole(1, 8, usual);
const timeout = whole(100, 30_000, 5000);
const repairs = whole(0, 4, 2);
const nothing = () => 0;

/** Every technique. Certain calls are those of docs/optimisation.md. */
export const techniques: Readonly<Record<StageName, TechniqueRow>> = {
  none: { kind: 'transform', roles: ['answer'], params: {}, certain: nothing, besideTools: true },
  re2: { kind: 'transform', roles: ['answer'], params: {}, certain: nothing, besideTools: true },
  readurls: { kind: 'transform', roles: ['answer'], params: {}, certain: nothing, besideTools: true },
  memory: {
    kind: 'transform',
    roles: ['note', 'answer'],
    params: { above: whole(1, 10_000_000), chunk: whole(1000, 100_000, 12_000) },
    certain: nothing,
    besideTools: true,
  },
  privacy: { kind: 'wrapper', roles: ['answer'], params: {}, certain: nothing, besideTools: true },
  cot_reflection: { kind: 'wrapper', roles: ['answer'], params: {}, certain: nothing },
  bon: {
    kind: 'solver',
    roles: ['sample', 'rate'],
    params: { n: n(3) },
    certain: ({ n = 1 }) => (n === 1 ? 1 : 2 * n),
  },
  moa: {
    kind: 'solver',
    roles: ['sample', 'critique', 'answer'],
    params: { n: n(3) },
    certain: ({ n = 1 }) => (n === 1 ? 1 : n + 2),
    endsInAnswer: true,
  },
  self_consistency: {
    kind: 'solver',
    roles: ['sample', 'compare'],
    params: { n: n(5) },
    certain: ({ n = 1 }) => n,
  },
  mcts: {
    kind: 'solver',
    roles: ['sample', 'user', 'reply', 'score'],
    params: {
      n: n(3),
      simulations: whole(1, 50, 3),
      depth: whole(1, 4, 1),
      exploration: { min: 0, max: 10, usual: 0.2, fraction: true },
    },
    certain: ({ n = 1, simulations = 1, depth = 1 }) =>
      n === 1 ? 1 : n + Math.max(n, simulations) * (2 * depth + 1),
  },
  rto: { kind: 'solver', roles: ['draft', 'describe', 'redraft', 'answer'], params: {}, certain: () => 1 },
  plansearch: {
    kind: 'solver',
    roles: ['observe', 'derive', 'plan', 'answer'],
    params: {},
    certain: () => 4,
    endsInAnswer: true,
  },
  leap: {
    kind: 'solver',
    roles: ['examples', 'mistake', 'principle', 'condense', 'answer'],
    params: {},
    certain: () => 2,
    endsInAnswer: true,
  },
  z3: {
    kind: 'solver',
    roles: ['formalise', 'repair', 'answer'],
    params: { timeout_ms: timeout, repairs },
    certain: () => 2,
    endsInAnswer: true,
  },
  rstar: {
    kind: 'solver',
    roles: ['step', 'check', 'answer'],
    params: {
      rollouts: whole(1, 16, 5),
      depth: whole(1, 6, 3),
      c: { min: 0, max: 10, usual: 1.4, fraction: true },
    },
    certain: ({ rollouts = 1 }) => rollouts,
  },
  pvg: {
    kind: 'solver',
    roles: ['helpful', 'sneaky', 'verify', 'refine'],
    params: { rounds: whole(1, 4, 2), n: n(3) },
    certain: ({ rounds = 1, n = 1 }) => rounds * 4 * n + rounds - 1,
  },
  executecode: {
    kind: 'solver',
    roles: ['write', 'repair', 'answer'],
    params: { timeout_ms: timeout, repairs },
    certain: () => 1,
  },
};

/** A value for each parameter that has one: what the expression says, else what the request's `params` say, else the usual. */
export function paramsOf(name: StageName, said: Params): Params {
  const usual = Object.entries(techniques[name].params).flatMap(([param, { usual }]) =>
    usual === undefined ? [] : [[param, usual] as const],
  );
  return { ...Object.fromEntries(usual), ...said };
}
