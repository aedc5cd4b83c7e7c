import { about } from '../conversation.ts';
import type { Technique } from '../load.ts';
import { readScore } from '../reading/score.ts';
import { best, sampleCalls, takeSamples } from '../samples.ts';
import type { Calls, Conversation, Reply } from '../types.ts';

const question =
  'Rate your last answer from 0 to 10: how correct, complete and helpful it is for what was asked. Reply with the number only.';

/** Best of n: several samples, each rated by itself, and the best rated is the answer. */
export const technique: Technique = {
  kind: 'solver',
  async run(conversation, { n = 1 }, calls) {
    const ratings = new Map<Reply, Promise<number | undefined>>();
    const whole: Reply[] = [];
    const rate = (reply: Reply) => {
      if (ratings.has(reply)) return;
      const rating = rated(conversation, reply, calls);
      // Where the samples fail nobody waits for it.
      rating.catch(() => {});
      ratings.set(reply, rating);
    };
    const { usable, first } = await takeSamples(calls, sampleCalls(n, 'sample', conversation), (reply) => {
      if (!reply.usable || reply.cutOff) return;
      // One alone needs no rating; from the second on each is rated as soon as it is there.
      whole.push(reply);
      if (whole.length > 1) whole.forEach(rate);
    });
    const [only] = usable;
    if (usable.length < 2) return only ?? first;
    usable.forEach(rate);
    const scores = new Map<Reply, number | undefined>();
    await Promise.all(usable.map(async (reply) => scores.set(reply, await ratings.get(reply))));
    const winner = best(usable, (reply) => scores.get(reply));
    if (!winner) calls.warn('no rating could be read, so the first sample is the answer');
    return winner ?? usable[0] ?? first;
  },
};

async function rated({ messages }: Conversation, reply: Reply, calls: Calls): Promise<number | undefined> {
  const rating = await calls.attempt(
    { role: 'rate', class: 'judge', messages: about(messages, reply.text, question), temperature: 0.1 },
    'a rating',
  );
  return rating && readScore(rating.text, 10);
}
