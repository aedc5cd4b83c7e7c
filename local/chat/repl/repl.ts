import type { Io } from '../../io.ts';
import type { Answer, Listener } from '../answer.ts';
import { textOf } from '../answer.ts';
import { chatExit } from '../exit-status.ts';
import { plainLines } from '../screen/blocks.ts';
import { cleanText } from '../screen/clean-text.ts';
import { bold, dim } from '../screen/style.ts';
import { createView, isRich } from '../screen/view.ts';
import type { Session } from '../session.ts';
import { failureOf, notesOn, spentOn } from '../told.ts';
import { commands, findCommand } from './commands.ts';
import { createCompleter } from './complete.ts';
import { LineReader } from './line-reader.ts';
import { replay } from './replay.ts';

/** What commands and answers work with. */
export interface Conversing {
  session: Session;
  io: Io;
  /** Tells a person something beside the answers, a line or several. */
  tell(text: string): void;
  /** Asks, shows the answer as it comes, and tells what there is to tell of it. */
  show(ask: (signal: AbortSignal, listener: Listener) => Promise<Answer> | undefined): Promise<void>;
  leave(): void;
}

/** A conversation on a terminal, until the person leaves. Resolves with the exit status. */
export async function converse(session: Session, io: Io): Promise<number> {
  let answering: AbortController | undefined;
  let leaving = false;
  const { promise: left, resolve: leaveNow } = Promise.withResolvers<void>();
  const tell = tellOn(io);
  const conversing: Conversing = {
    session,
    io,
    tell,
    async show(ask) {
      answering = new AbortController();
      await showAnswer(conversing, answering.signal, ask);
      if (answering.signal.aborted) reader.arm();
      answering = undefined;
    },
    leave: () => {
      leaving = true;
    },
  };
  let interrupted = false;
  const onInterrupt = () => {
    if (answering && !answering.signal.aborted) answering.abort();
    // As soon as what came is kept.
    else if (answering && !leaving) leaving = true;
    // What does not end by it, a disk or a service that does not answer, is left to itself.
    else if (interrupted) leaveNow();
    else tell('(Ctrl-C again leaves)');
    interrupted = true;
  };
  const reader = readerFor(session, io, onInterrupt);
  // When Ctrl-D has closed the editor, Ctrl-C is a signal again, which would end the process with the answer.
  process.on('SIGINT', onInterrupt);
  Object.assign(session.person, { tell, ask: (question: string) => reader.hidden(question) });
  tell(greeting(session));
  if (session.conversation.turns.length > 0) replay(conversing);
  try {
    while (!leaving) {
      const text = await reader.next();
      if (text === undefined) break;
      interrupted = false;
      await Promise.race([take(text, conversing), left.then(conversing.leave)]);
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    reader.close();
  }
  return chatExit.complete;
}

function readerFor(session: Session, io: Io, onInterrupt: () => void): LineReader {
  const rich = isRich(io);
  return new LineReader({
    stdin: io.stdin ?? process.stdin,
    stdout: io.stdout,
    prompt: rich ? `${bold('>')} ` : '> ',
    continuation: rich ? dim('… ') : '… ',
    complete: createCompleter(session, commands),
    history: historyOf(session),
    onInterrupt,
  });
}

const tellOn = (io: Io) => (text: string) => {
  const lines = plainLines(cleanText(text), (io.stdout.columns || 80) - 1);
  io.stdout.write(`${(isRich(io) ? lines.map(dim) : lines).join('\n')}\n`);
};

async function take(text: string, conversing: Conversing): Promise<void> {
  if (text.trim() === '') return;
  const command = findCommand(text);
  if (command) return command(conversing);
  return conversing.show((signal, listener) => conversing.session.ask(text, signal, listener));
}

async function showAnswer(
  { session, io, tell }: Conversing,
  signal: AbortSignal,
  ask: Parameters<Conversing['show']>[0],
): Promise<void> {
  const { model } = session.conversation;
  const view = createView(io, {
    showReasoning: session.showReasoning,
    waiting: `${model} (Ctrl-C stops it)`,
  });
  try {
    const answer = await ask(signal, { onEvents: view.push, onEnd: view.end });
    view.end();
    if (!answer) return tell('There is no question to ask again.');
    tell(`\n${[...notesOn(answer), spentOn(answer)].join('\n')}\n`);
  } catch (error) {
    view.end();
    tell(
      signal.aborted
        ? 'Stopped before anything came. /retry asks again.'
        : `${failureOf(error)}\n/retry asks again.`,
    );
  }
}

const greeting = ({ conversation, connection }: Session): string =>
  `${conversation.model} on ${connection.name}. /help lists the commands, Ctrl-D leaves.`;

/** What was asked before, the latest first. */
const historyOf = ({ conversation }: Session): string[] =>
  conversation.turns
    .filter(({ role }) => role === 'user')
    .map(({ content }) => textOf(content.slice(-1)))
    .filter((text) => text !== '' && !text.includes('\n'))
    .reverse();
