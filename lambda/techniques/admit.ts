import type { CanonicalRequest } from '../canonical/request.ts';
import { badRequest } from '../errors.ts';
import { field, note } from '../fields.ts';
import {
  branchesOf,
  type Expression,
  none,
  renderExpression,
  type Stage,
  stagesOf,
  without,
} from './expression.ts';
import type { Selection } from './select.ts';
import { certainCalls, type Node, treeOf } from './stages.ts';
import { techniques } from './table.ts';

/** What will run of a selection. */
export interface Admitted {
  selection: Selection;
  /** In the canonical form; `none`: everything stands aside. */
  technique: string;
  nodes: Node[];
  choices: number;
  /** Model calls that it is certain to make. */
  calls: number;
  /** The branch of each choice. */
  labels: string[];
  /** What stands aside, and why. */
  warnings: string[];
}

const maxChoices = 8;

/**
 * What runs of the techniques that a request asks for, `n` times. Throws a 400 for more answers than there can be, and
 * for more calls than are allowed: nothing is made smaller in silence.
 */
export function admit(
  selection: Selection,
  client: CanonicalRequest,
  n: number,
  mostChoices = maxChoices,
): Admitted {
  const { expression, warnings } = stayingOf(selection.expression, client);
  const branches = branchesOf(expression);
  const choices = n * branches.length;
  if (choices > mostChoices) throw tooManyChoices(choices, mostChoices, selection);
  const nodes = treeOf(expression, n, selection.paramsOf);
  const calls = certainCalls(nodes);
  if (calls > selection.maxCalls) {
    throw badRequest(
      `The technique ${renderExpression(selection.expression)} makes at least ${calls} model calls, and at most ` +
        `${selection.maxCalls} are allowed for this request. Ask for a smaller one, or for fewer answers.`,
      selection.param,
      'optimisation_budget_exceeded',
    );
  }
  const labels = Array.from({ length: choices }, (_, i) =>
    (branches[i % branches.length] ?? []).map(renderExpression).join('&'),
  );
  return { selection, technique: renderExpression(expression), nodes, choices, calls, labels, warnings };
}

function tooManyChoices(choices: number, most: number, { param }: Selection) {
  return badRequest(
    note`The technique has ${choices} answers, one for each branch (\`|\`) and each of \`${field('answers')}\`; at most ${most} can be given.`,
    param,
  );
}

/**
 * A technique that talks several times cannot stand in for a turn that may be a call of a tool. What only changes the
 * conversation goes on: without `privacy` what it hides would be seen.
 */
function stayingOf(
  expression: Expression,
  client: CanonicalRequest,
): { expression: Expression; warnings: string[] } {
  const { converse, intent } = client;
  const mayCall = (converse.toolConfig?.tools.length ?? 0) > 0 && !intent.toolChoiceNone;
  const isPrompt = converse.messages.length === 0;
  const aside = new Map<string, string>();
  const stays = ({ name }: Stage): boolean => {
    const { besideTools } = techniques[name];
    if ((mayCall || isPrompt) && !besideTools)
      aside.set(name, mayCall ? 'tools may be called' : 'a managed prompt has messages of its own');
    else if (name === 'cot_reflection' && intent.outputFormat)
      aside.set(name, 'the answer has a format of its own');
    return !aside.has(name);
  };
  const left = without(expression, stays);
  const isNothing = stagesOf(left).every(({ name }) => name === 'none');
  const warnings = [...aside].map(([name, why]) => `${name} stands aside because ${why}`);
  return { expression: aside.size > 0 && isNothing ? none : left, warnings };
}
