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
  none: { kind: 'transform', params: {}, certain: nothing, besideTools: true },
  re2: { kind: 'transform', params: {}, certain: nothing, besideTools: true },
  readurls: { kind: 'transform', params: {}, certain: nothing, besideTools: true },
  memory: {
    kind: 'transform',
    params: { above: whole(1, 10_000_000), chunk: whole(1000, 100_000, 12_000) },
    certain: nothing,
    besideTools: true,
  },
  privacy: { kind: 'wrapper', params: {}, certain: nothing, besideTools: true },
  cot_reflection: { kind: 'wrapper', params: {}, certain: nothing },
  bon: { kind: 'solver', params: { n: n(3) }, certain: ({ n = 1 }) => (n === 1 ? 1 : 2 * n) },
  moa: {
    kind: 'solver',
    params: { n: n(3) },
    certain: ({ n = 1 }) => (n === 1 ? 1 : n + 2),
    endsInAnswer: true,
  },
  self_consistency: { kind: 'solver', params: { n: n(5) }, certain: ({ n = 1 }) => n },
  mcts: {
    kind: 'solver',
    params: {
      n: n(3),
      simulations: whole(1, 50, 3),
      depth: whole(1, 4, 1),
      exploration: { min: 0, max: 10, usual: 0.2, fraction: true },
    },
    certain: ({ n = 1, simulations = 1, depth = 1 }) =>
      n === 1 ? 1 : n + Math.max(n, simulations) * (2 * depth + 1),
  },
  rto: { kind: 'solver', params: {}, certain: () => 1 },
  plansearch: { kind: 'solver', params: {}, certain: () => 4, endsInAnswer: true },
  leap: { kind: 'solver', params: {}, certain: () => 2, endsInAnswer: true },
  z3: {
    kind: 'solver',
    params: { timeout_ms: timeout, repairs },
    certain: () => 2,
    endsInAnswer: true,
  },
  rstar: {
    kind: 'solver',
    params: {
      rollouts: whole(1, 16, 5),
      depth: whole(1, 6, 3),
      c: { min: 0, max: 10, usual: 1.4, fraction: true },
    },
    certain: ({ rollouts = 1 }) => rollouts,
  },
  pvg: {
    kind: 'solver',
    params: { rounds: whole(1, 4, 2), n: n(3) },
    certain: ({ rounds = 1, n = 1 }) => rounds * 4 * n + rounds - 1,
  },
  executecode: { kind: 'solver', params: { timeout_ms: timeout, repairs }, certain: () => 1 },
};

/** A value for each parameter that has one: what the expression says, else what the request's `params` say, else the usual. */
export function paramsOf(name: StageName, said: Params): Params {
  const usual = Object.entries(techniques[name].params).flatMap(([param, { usual }]) =>
    usual === undefined ? [] : [[param, usual] as const],
  );
  return { ...Object.fromEntries(usual), ...said };
}
