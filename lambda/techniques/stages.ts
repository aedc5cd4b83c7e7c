import type { StageName } from '../settings/techniques.ts';
import { Share } from './budget.ts';
import { branchesOf, type Expression, renderExpression, type Stage } from './expression.ts';
import { type Params, techniques } from './table.ts';

/** One stage at work. What branches have in common at their beginning is one node, and runs once. */
export interface Node {
  name: StageName;
  params: Params;
  share: Share;
  /** The choice that it makes; undefined: others follow. */
  choice: number | undefined;
  next: Node[];
}

/** The stages of one branch that do something; the plain answer where none does. */
function working(branch: readonly Stage[]): Stage[] {
  const stages = branch.filter(({ name }) => name !== 'none');
  return stages.length > 0 ? stages : branch.slice(0, 1);
}

/** The tree of an expression, `times` over; choices are numbered from `first` for each branch in its order. */
export function treeOf(expression: Expression, times: number, paramsOf: (stage: Stage) => Params): Node[] {
  const branches = branchesOf(expression);
  return Array.from({ length: times }, (_, time) => {
    const roots = new Map<string, Node>();
    const all: Node[] = [];
    branches.forEach((branch, index) => {
      const stages = working(branch);
      let siblings = all;
      let path = '';
      stages.forEach((stage, i) => {
        const isLast = i === stages.length - 1;
        path = `${path}&${renderExpression(stage)}`;
        const known = isLast ? undefined : roots.get(path);
        const choice = isLast ? time * branches.length + index : undefined;
        const node = known ?? nodeOf(stage, paramsOf(stage), choice);
        if (!known) siblings.push(node);
        if (!isLast) roots.set(path, node);
        siblings = node.next;
      });
    });
    return all;
  }).flat();
}

function nodeOf({ name }: Stage, params: Params, choice: number | undefined): Node {
  const { kind, certain, endsInAnswer = false } = techniques[name];
  const endsChain = choice !== undefined && kind !== 'solver';
  const share = new Share(certain(params) + (endsChain ? 1 : 0), endsChain || endsInAnswer);
  return { name, params, share, choice, next: [] };
}

export const nodesOf = (nodes: readonly Node[]): Node[] =>
  nodes.flatMap((node) => [node, ...nodesOf(node.next)]);

/** Calls that are certain to be made. */
export const certainCalls = (nodes: readonly Node[]): number =>
  nodesOf(nodes).reduce((sum, { share }) => sum + share.certain, 0);
