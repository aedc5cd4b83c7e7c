import type { StageName } from '../../lambda/settings/techniques.ts';
import { type Node, nodesOf } from '../../lambda/techniques/stages.ts';
import { type Params, techniques } from '../../lambda/techniques/table.ts';

/** From the least to the most; `most` absent: as many as the budget lets it. */
export interface Range {
  least: number;
  most?: number;
}

/** How far techniques may go. */
export interface Extent {
  /** Model calls. */
  calls: Range;
  /** Calls one after the other, where all that could be made at once are. */
  depth: Range;
}

/** Examples that leap reads of a question at most. */
const leapExamples = 8;

type Reach = (params: Params) => { calls?: number; depth: Range };

const always = (depth: number): { depth: Range } => ({ depth: { least: depth, most: depth } });
const justRewrites: Reach = () => ({ calls: 0, ...always(0) });
/** Of one sample there is nothing to choose, so it is the answer. */
const chosenOf =
  (several: Reach): Reach =>
  (params) =>
    params.n === 1 ? { calls: 1, ...always(1) } : several(params);

/**
 * What each technique makes at most, without the answer call that ends a chain of transforms and wrappers, and how deep
 * that is. `calls` absent: no more than it is certain to make. The least is what it takes when nothing fails.
 */
const reaches: Readonly<Record<StageName, Reach>> = {
  none: justRewrites,
  re2: justRewrites,
  readurls: justRewrites,
  privacy: justRewrites,
  cot_reflection: justRewrites,
  memory: () => ({ calls: Number.POSITIVE_INFINITY, depth: { least: 0, most: 1 } }),
  bon: chosenOf(() => always(2)),
  moa: chosenOf(() => always(3)),
  self_consistency: chosenOf(({ n = 1 }) => ({ calls: n + 1, depth: { least: 1, most: 2 } })),
  mcts: chosenOf(({ n = 1, simulations = 1, depth = 1 }) =>
    always(1 + (2 * depth + 1) * (1 + Math.max(0, simulations - n))),
  ),
  rto: () => ({ calls: 4, depth: { least: 1, most: 4 } }),
  plansearch: () => always(4),
  leap: () => ({ calls: 3 + 2 * leapExamples, depth: { least: 2, most: 5 } }),
  rstar: ({ rollouts = 1, depth = 1 }) => {
    const waves = Math.ceil(rollouts / 2);
    return { calls: rollouts * depth + rollouts, depth: { least: waves + 1, most: waves * depth + 1 } };
  },
  pvg: ({ rounds = 1 }) => always(3 * rounds - 1),
  z3: ({ repairs = 0 }) => ({ calls: 2 + repairs, depth: { least: 2, most: 2 + repairs } }),
  executecode: ({ repairs = 0 }) => ({ calls: 2 + repairs, depth: { least: 1, most: 2 + repairs } }),
};

/** How far the tree of an expression may go. */
export function extentOf(nodes: readonly Node[]): Extent {
  const all = nodesOf(nodes).map(extentOfNode);
  const calls = {
    least: all.reduce((sum, { calls }) => sum + calls.least, 0),
    most: all.reduce((sum, { calls }) => sum + calls.most, 0),
  };
  return { calls: bounded(calls), depth: depthOf(nodes) };
}

function extentOfNode({ name, params, choice }: Node) {
  const { kind, certain } = techniques[name];
  const reach = reaches[name](params);
  const answer = choice !== undefined && kind !== 'solver' ? 1 : 0;
  const { least, most = least } = reach.depth;
  return {
    calls: { least: certain(params) + answer, most: (reach.calls ?? certain(params)) + answer },
    depth: { least: least + answer, most: most + answer },
  };
}

/** Branches run side by side, and what follows a stage after it. */
function depthOf(nodes: readonly Node[]): { least: number; most: number } {
  const each = nodes.map((node) => {
    const { depth } = extentOfNode(node);
    const behind = depthOf(node.next);
    return { least: depth.least + behind.least, most: depth.most + behind.most };
  });
  return {
    least: Math.max(0, ...each.map(({ least }) => least)),
    most: Math.max(0, ...each.map(({ most }) => most)),
  };
}

const bounded = ({ least, most }: { least: number; most: number }): Range =>
  Number.isFinite(most) ? { least, most } : { least };

/** `5`, `1–4`, `at least 1`. */
export function renderRange({ least, most }: Range): string {
  if (most === undefined) return `at least ${least}`;
  return least === most ? String(least) : `${least}–${most}`;
}
