import type { TechniqueName } from '../settings/techniques.ts';
import type { MakeWrapper, Solver, Transform } from './types.ts';

/** A technique, as its file exports it. */
export type Technique =
  | { kind: 'transform'; run: Transform }
  | { kind: 'wrapper'; run: MakeWrapper }
  | { kind: 'solver'; run: Solver };

/** Each is loaded when its name is first used. Absent: not in this build. */
const files: Readonly<Partial<Record<TechniqueName, () => Promise<{ technique: Technique }>>>> = {
  bon: () => import('./solvers/bon.ts'),
  executecode: () => import('./solvers/executecode.ts'),
  leap: () => import('./solvers/leap.ts'),
  mcts: () => import('./solvers/mcts.ts'),
  moa: () => import('./solvers/moa.ts'),
  plansearch: () => import('./solvers/plansearch.ts'),
  pvg: () => import('./solvers/pvg.ts'),
  rstar: () => import('./solvers/rstar.ts'),
  rto: () => import('./solvers/rto.ts'),
  self_consistency: () => import('./solvers/self-consistency.ts'),
  z3: () => import('./solvers/z3.ts'),
  cot_reflection: () => import('./wrappers/cot-reflection.ts'),
  re2: () => import('./transforms/re2.ts'),
  memory: () => import('./transforms/memory.ts'),
  readurls: () => import('./transforms/readurls.ts'),
  privacy: () => import('./wrappers/privacy.ts'),
};

export async function loadTechnique(name: TechniqueName): Promise<Technique> {
  const file = files[name];
  if (!file) throw new Error(`the technique ${name} is not there`);
  return (await file()).technique;
}
