import { withUserText } from '../conversation.ts';
import type { Technique } from '../load.ts';
import { Material } from '../material.ts';

const steps = [
  {
    role: 'observe',
    what: 'the observations',
    ask: 'Do not solve the problem yet. Make three observations about it that are not obvious and help to solve it. Reply with a numbered list.',
  },
  {
    role: 'derive',
    what: 'what is derived',
    ask: 'Do not solve the problem yet. Make two more observations that follow from those before, or from several of them together. Reply with a numbered list.',
  },
  {
    role: 'plan',
    what: 'the plan',
    ask: 'Do not write the solution yet. Use the observations to describe in words how the problem is to be solved, step by step, with the cases that are easily forgotten.',
  },
] as const;

/** Plan search (https://arxiv.org/abs/2409.03733): observations, what follows from them, a plan in words, the program. */
export const technique: Technique = {
  kind: 'solver',
  async run({ messages }, _params, calls) {
    const material = new Material(calls);
    const found: string[] = [];
    const asking = (ask: string) =>
      withUserText(
        messages,
        [...(found.length > 0 ? [`Notes on the problem above:\n\n${found.join('\n\n')}`] : []), ask].join(
          '\n\n',
        ),
      );
    for (const { role, what, ask } of steps) {
      const reply = await calls.attempt(
        { role, class: 'work', messages: asking(ask), temperature: 0.7 },
        `${role}: ${what}`,
      );
      if (reply) found.push(material.piece(role, reply.text));
    }
    return calls.answer({
      role: 'answer',
      class: 'answer',
      temperature: 0.1,
      messages: asking(
        'Now answer what was asked above, in the language and form that was asked for. Follow the plan where it is right, and do not mention the notes.',
      ),
    });
  },
};
