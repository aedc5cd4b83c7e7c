import { isObject, parseJson } from '../../canonical/json.ts';
import { withUserText } from '../conversation.ts';
import type { Technique } from '../load.ts';
import { Material } from '../material.ts';
import { readFences } from '../reading/fences.ts';
import { isSameAnswer, readFinalAnswer } from '../reading/final-answer.ts';
import { readOutput } from '../reading/output.ts';
import type { Calls, Conversation, InnerCall } from '../types.ts';

interface Example {
  question: string;
  answer: string;
}
interface Mistake extends Example {
  given: string;
}

const maxExamples = 8;
const inOutput = 'Reply with it within <output> and </output>.';

/**
 * Learning principles from mistakes (https://arxiv.org/abs/2402.05403): the worked examples of the question are
 * answered, what went wrong becomes principles, and these stand behind the question.
 */
export const technique: Technique = {
  kind: 'solver',
  async run(conversation, _params, calls) {
    const { messages } = conversation;
    const mistakes = await mistakesOf(await examplesIn(conversation, calls), calls);
    const principles = mistakes.length === 0 ? undefined : await principlesOf(mistakes, calls);
    return calls.answer({
      role: 'answer',
      class: 'answer',
      messages: principles
        ? withUserText(
            messages,
            `These principles were learned from mistakes with similar questions:\n\n${new Material(calls).piece('principles', principles)}\n\nAnswer what was asked above with them in mind, and do not mention them.`,
          )
        : messages,
    });
  },
};

async function examplesIn({ messages }: Conversation, calls: Calls): Promise<Example[]> {
  const ask =
    'Do not answer yet. Collect the worked examples in the message above: questions that it gives together with their answers. ' +
    'Reply with a JSON list of objects with `question` and `answer` within <output> and </output>; an empty list where there are none.';
  const reply = await calls.attempt(
    { role: 'examples', class: 'work', messages: withUserText(messages, ask), temperature: 0.1 },
    'the list of examples',
  );
  return reply ? readExamples(reply.text) : [];
}

/** A list within `<output>`, in a fence, or bare; anything else has no examples. */
export function readExamples(text: string): Example[] {
  const inside = readOutput(text);
  const candidates = [inside, ...readFences(inside).map(({ content }) => content)];
  const list = candidates.map((each) => parseJson(each.trim())?.value).find(Array.isArray);
  const examples = (list ?? []).flatMap((each: unknown) => {
    if (!isObject(each) || typeof each.question !== 'string') return [];
    const { question, answer } = each;
    return typeof answer === 'string' || typeof answer === 'number'
      ? [{ question, answer: String(answer) }]
      : [];
  });
  return examples.slice(0, maxExamples);
}

/** Each example is answered by itself; those that come out differently are mistakes. */
async function mistakesOf(examples: readonly Example[], calls: Calls): Promise<Mistake[]> {
  const replies = await attemptAll(
    examples.map(({ question }) => ({
      role: 'mistake',
      class: 'work' as const,
      temperature: 0.7,
      messages: [
        {
          role: 'user' as const,
          content: [{ text: `${question}\n\nThink step by step, then give the answer alone. ${inOutput}` }],
        },
      ],
    })),
    'an answer to an example',
    calls,
  );
  return examples.flatMap((example, i) => {
    const text = replies[i];
    if (text === undefined) return [];
    const given = text.includes('<output>')
      ? readOutput(text)
      : (readFinalAnswer(text)?.answer ?? text.trim());
    return isSameAnswer(given, example.answer) ? [] : [{ ...example, given: given.slice(0, 2000) }];
  });
}

async function principlesOf(mistakes: readonly Mistake[], calls: Calls): Promise<string | undefined> {
  const material = new Material(calls);
  const asking = (role: string, text: string): InnerCall => ({
    role,
    class: 'work',
    temperature: 0.1,
    messages: [{ role: 'user', content: [{ text }] }],
  });
  const replies = await attemptAll(
    mistakes.map(({ question, given, answer }) =>
      asking(
        'principle',
        `A question was answered wrongly.\n\n${material.piece('question', question)}\n\n${material.piece('wrong', given)}\n\n${material.piece('right', answer)}\n\nWhich general principle would have avoided the mistake? ${inOutput}`,
      ),
    ),
    'a principle',
    calls,
  );
  const principles = replies.flatMap((text) => (text === undefined ? [] : [readOutput(text)]));
  if (principles.length === 0) return undefined;
  const condensed = await calls.attempt(
    asking(
      'condense',
      `Here are principles that were learned from mistakes.\n\n${material.pieces('principle', principles)}\n\nJoin them into a list of at most eight, each different and helpful for other questions too. ${inOutput}`,
    ),
    'the list of principles',
  );
  return condensed ? readOutput(condensed.text) : principles.join('\n');
}

/** All at once, each of which can be done without. */
async function attemptAll(
  inner: readonly InnerCall[],
  what: string,
  calls: Calls,
): Promise<(string | undefined)[]> {
  return Promise.all(inner.map(async (call) => (await calls.attempt(call, what))?.text));
}
