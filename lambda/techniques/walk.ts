import { isFiltered } from '../canonical/stop-reason.ts';
import { isTechnique } from '../settings/techniques.ts';
import { improving, textOf } from './conversation.ts';
import { loadTechnique } from './load.ts';
import type { Run } from './run.ts';
import { StageCalls } from './stage-calls.ts';
import { type Node, nodesOf } from './stages.ts';
import type { Calls, Conversation, Told, Wrapper } from './types.ts';

/** What stands before a stage. */
export interface State {
  conversation: Conversation;
  /** The outermost first. */
  wrappers: readonly Wrapper[];
}

/** What is to become of each choice; each is called once for each choice. */
export interface Choices {
  told(choice: number, told: Told): void;
  failed(choice: number, error: unknown): void;
}

/** Runs a stage and all that follows it, side by side. Never rejects. */
export async function walk(run: Run, node: Node, state: State, choices: Choices): Promise<void> {
  try {
    const { choice } = node;
    if (choice !== undefined) {
      choices.told(choice, await answerOf(run, node, state));
      return;
    }
    const ahead = await advance(run, node, state);
    run.budget.close(node.share);
    await Promise.all(node.next.map((each) => walk(run, each, ahead, choices)));
  } catch (error) {
    for (const each of nodesOf([node])) {
      run.budget.close(each.share);
      if (each.choice !== undefined) choices.failed(each.choice, error);
    }
  } finally {
    run.budget.close(node.share);
  }
}

/** The state that what follows begins with. */
async function advance(run: Run, node: Node, state: State): Promise<State> {
  const { name, params } = node;
  if (!isTechnique(name)) return state;
  const { conversation, wrappers } = state;
  const technique = await loadTechnique(name);
  return withCalls(run, node, state, false, async (calls) => {
    if (technique.kind === 'transform')
      return { wrappers, conversation: await technique.run(conversation, params, calls) };
    if (technique.kind === 'wrapper')
      return { conversation, wrappers: [...wrappers, await technique.run(conversation, params, calls)] };
    const { answer } = await technique.run(conversation, params, calls);
    if (!answer) throw new Error('unreachable: a stage that others follow does not stream');
    const text = textOf(answer);
    // What was withheld, or came without text, is nothing to improve.
    const isOne = text.trim() !== '' && !isFiltered(answer.stopReason);
    return { wrappers, conversation: isOne ? improving(conversation, text) : conversation };
  });
}

async function answerOf(run: Run, node: Node, state: State): Promise<Told> {
  if (isTechnique(node.name)) {
    const technique = await loadTechnique(node.name);
    if (technique.kind === 'solver')
      return withCalls(run, node, state, true, (calls) =>
        technique.run(state.conversation, node.params, calls),
      );
  }
  const last = await advance(run, node, state);
  const { messages } = last.conversation;
  return withCalls(run, node, last, true, (calls) =>
    calls.answer({ role: 'answer', class: 'answer', messages, tools: true }),
  );
}

/** Work with the calls of a stage; those that it has left behind when it ends, well or not, are ended with it. */
async function withCalls<T>(
  run: Run,
  { name, share }: Node,
  { conversation, wrappers }: State,
  streams: boolean,
  work: (calls: Calls) => Promise<T>,
): Promise<T> {
  const calls = new StageCalls(run, {
    technique: isTechnique(name) ? name : undefined,
    conversation,
    share,
    wrappers,
    streams: streams && run.options.streaming,
  });
  try {
    return await work(calls);
  } finally {
    await calls.end();
  }
}
