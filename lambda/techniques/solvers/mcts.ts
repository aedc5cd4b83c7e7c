import { about } from '../conversation.ts';
import type { Technique } from '../load.ts';
import { readScore } from '../reading/score.ts';
import { best, sampleCalls, takeSamples } from '../samples.ts';
import type { Calls, Conversation, Reply } from '../types.ts';

interface Node {
  reply: Reply;
  visits: number;
  total: number;
}

const imagine =
  'Now write the message that the user would send next in this conversation. Reply with that message only, as the user would write it.';
const judge =
  'The conversation is over. How well did your first answer answer what the user had asked at first? Reply with a number from 0 to 1 only.';

/** A tree search over how the conversation may go on: each sample is played on and scored by where it leads. */
export const technique: Technique = {
  kind: 'solver',
  async run(conversation, { n = 1, simulations = 1, depth = 1, exploration = 0 }, calls) {
    const { usable, first } = await takeSamples(calls, sampleCalls(n, 'sample', conversation));
    const [only] = usable;
    if (usable.length < 2) return only ?? first;
    const nodes: Node[] = usable.map((reply) => ({ reply, visits: 0, total: 0 }));
    await Promise.all(nodes.map((node) => play(conversation, node, depth, calls)));
    for (let done = n; done < simulations && calls.left() > 0; done += 1) {
      const node = mostPromising(nodes, exploration);
      if (!node) break;
      await play(conversation, node, depth, calls);
      calls.progress(`simulation ${done + 1} of ${simulations}`);
    }
    const played = nodes.filter(({ visits }) => visits > 0);
    const most = Math.max(...played.map(meanOf));
    const winner = best(
      played.filter((node) => meanOf(node) === most),
      ({ visits }) => visits,
    );
    if (!winner) calls.warn('no sample could be played on, so the first one is the answer');
    return winner?.reply ?? only ?? first;
  },
};

const meanOf = ({ total, visits }: Node): number => total / visits;

/** By its mean, and by how little is known of it. */
function mostPromising(nodes: readonly Node[], exploration: number): Node | undefined {
  const all = nodes.reduce((sum, { visits }) => sum + visits, 0);
  return best(nodes, (node) =>
    node.visits === 0 ? undefined : meanOf(node) + exploration * Math.sqrt(Math.log(all + 1) / node.visits),
  );
}

/** One way in which the conversation may go on; one that fails counts as not visited. */
async function play({ messages }: Conversation, node: Node, depth: number, calls: Calls): Promise<void> {
  let said = node.reply.text;
  let before = messages;
  for (let turn = 0; turn < depth; turn += 1) {
    const user = await calls.attempt(
      {
        role: 'user',
        class: 'work',
        messages: about(before, said, imagine),
        temperature: 1,
        maxTokens: 1024,
      },
      'an imagined message',
    );
    if (!user) return;
    before = about(before, said, user.text);
    const reply = await calls.attempt(
      { role: 'reply', class: 'work', messages: before, temperature: 1 },
      'an imagined reply',
    );
    if (!reply) return;
    said = reply.text;
  }
  const score = await calls.attempt(
    { role: 'score', class: 'judge', messages: about(before, said, judge), temperature: 0.1 },
    'a score',
  );
  if (!score) return;
  node.visits += 1;
  node.total += readScore(score.text, 1) ?? 0.5;
}
