import { about, withUserText } from '../conversation.ts';
import type { Technique } from '../load.ts';
import { readFinalAnswer } from '../reading/final-answer.ts';
import { best } from '../samples.ts';
import { isFinal, Stopped } from '../stopped.ts';
import type { Calls, Conversation, InnerCall, Reply, Told } from '../types.ts';

/** The five human-like actions of rStar (https://arxiv.org/abs/2408.06195). */
const actions = [
  'Go on with the next step of the solution only.',
  'Go on with all steps that are left.',
  'Ask a question about a part of the problem whose answer helps, and answer it.',
  'Look at the last step again, in another way, and correct it where it is wrong; if there is none, begin with the step that matters most.',
  'Put the problem in other words, with every condition that it gives, and then go on.',
];
const ending =
  'If you have arrived at the answer to what was asked, end with the line "The final answer is …". Otherwise say nothing of a final answer.';

interface Node {
  /** Absent: the root. */
  reply?: Reply;
  parent?: Node;
  answer?: string;
  children: Map<number, Node>;
  visits: number;
  value: number;
}

/** Paths that a rollout goes by and that later ones shall know of. */
const wave = 2;

/** Reasoning paths are searched by a tree, and an answer counts more when it is found again from half of its path. */
export const technique: Technique = {
  kind: 'solver',
  async run(conversation, { rollouts = 1, depth = 1, c = 0 }, calls) {
    // Steps are written in words: who wants JSON is answered by a call more.
    if (calls.wants.json) calls.keepAnswer();
    const root = newNode();
    const ends: Node[] = [];
    for (let done = 0; done < rollouts; done += wave) {
      const size = Math.min(wave, rollouts - done);
      ends.push(
        ...(await Promise.all(
          Array.from({ length: size }, () => rollout(conversation, root, { depth, c }, calls)),
        )),
      );
      calls.progress(`path ${done + size} of ${rollouts}`);
    }
    const answered = [...new Set(ends.filter(({ answer }) => answer !== undefined))];
    if (answered.length === 0) return askedFor(conversation, ends, calls);
    const counts = await Promise.all(
      answered.map(async (end) => ({ end, count: (await isConfirmed(conversation, end, calls)) ? 2 : 1 })),
    );
    const sums = new Map<string, number>();
    for (const { end, count } of counts)
      sums.set(end.answer ?? '', (sums.get(end.answer ?? '') ?? 0) + count);
    const winner = best(answered, ({ answer = '' }) => sums.get(answer));
    if (winner && calls.wants.json) return askedFor(conversation, [winner], calls);
    return winner?.reply ?? askedFor(conversation, ends, calls);
  },
};

const newNode = (from: Partial<Node> = {}): Node => ({ children: new Map(), visits: 0, value: 0, ...from });

/** One path: down the tree where everything has been tried, then new steps until there is an answer. */
async function rollout(
  { messages }: Conversation,
  root: Node,
  { depth, c }: { depth: number; c: number },
  calls: Calls,
): Promise<Node> {
  let node = root;
  while (node.children.size === actions.length && node.answer === undefined) {
    const children = [...node.children.values()].filter(({ reply }) => reply);
    const next = best(children, (child) => uct(child, node, c));
    if (!next) break;
    node = next;
  }
  while (node.answer === undefined && stepsOf(node).length < depth) {
    const action = actions.findIndex((_, i) => !node.children.has(i));
    if (action < 0) break;
    // It is taken before its step is there, so that a path beside this one takes another.
    const child = newNode({ parent: node });
    node.children.set(action, child);
    const reply = await calls.attempt(stepCall(messages, node, actions[action] ?? ''), 'a step');
    if (!reply) break;
    child.reply = reply;
    const found = readFinalAnswer(reply.text);
    if (found?.marked) child.answer = found.answer;
    node = child;
  }
  const value = node.answer === undefined ? 0 : 1;
  for (let each: Node | undefined = node; each; each = each.parent) {
    each.visits += 1;
    each.value += value;
  }
  return node;
}

const uct = ({ visits, value }: Node, parent: Node, c: number): number =>
  visits === 0 ? 0 : value / visits + c * Math.sqrt(Math.log(parent.visits + 1) / visits);

function stepCall(messages: Conversation['messages'], node: Node, action: string): InnerCall {
  const path = pathOf(node);
  const ask = `${action} ${ending}`;
  return {
    role: 'step',
    class: 'sample',
    temperature: 0.8,
    messages: path === '' ? withUserText(messages, ask) : about(messages, path, ask),
  };
}

function stepsOf(node: Node): Reply[] {
  const steps: Reply[] = [];
  for (let each: Node | undefined = node; each; each = each.parent) if (each.reply) steps.unshift(each.reply);
  return steps;
}

const pathOf = (node: Node): string =>
  stepsOf(node)
    .map(({ text }) => text)
    .join('\n\n');

/** Whether the same answer is reached from the beginning of the path. */
async function isConfirmed({ messages }: Conversation, end: Node, calls: Calls): Promise<boolean> {
  const steps = stepsOf(end);
  const [only] = steps;
  const begin =
    steps.length === 1 && only
      ? only.text.slice(0, Math.ceil(only.text.length / 2))
      : steps
          .slice(0, -1)
          .map(({ text }) => text)
          .join('\n\n');
  const reply = await calls.attempt(
    {
      role: 'check',
      class: 'judge',
      temperature: 0.2,
      maxTokens: 2048,
      messages: about(messages, begin, `That is the beginning of a solution. Complete it. ${ending}`),
    },
    'a check',
  );
  return reply !== undefined && readFinalAnswer(reply.text)?.answer === end.answer;
}

/** No path has an answer as it is wanted: it is asked for, from the longest one. Where no call is left, that path is all there is. */
async function askedFor({ messages }: Conversation, ends: readonly Node[], calls: Calls): Promise<Told> {
  const longest = best(ends, (node) => pathOf(node).length);
  const path = longest ? pathOf(longest) : '';
  try {
    return await calls.answer({
      role: 'answer',
      class: 'answer',
      messages:
        path === ''
          ? messages
          : about(
              messages,
              path,
              'Now give the answer to what was asked above, in full and without these notes.',
            ),
    });
  } catch (error) {
    if (isFinal(error) || !(error instanceof Stopped) || !longest?.reply) throw error;
    return longest.reply;
  }
}
