import { setImmediate } from 'node:timers/promises';
import { GatewayError } from '../../lambda/errors.ts';
import type { Io } from '../io.ts';
import { type Answer, reasoningOf, textOf } from './answer.ts';
import { chatExit, exitOf, exitOfError } from './exit-status.ts';
import { createView } from './screen/view.ts';
import { type Session, whyNotKept } from './session.ts';
import { failureOf, notesOn, spentOn } from './told.ts';

export interface OneShotOptions {
  text: string;
  json: boolean;
}

/** One question and its answer: that alone on standard output. Resolves with the exit status. */
export async function oneShot(session: Session, { text, json }: OneShotOptions, io: Io): Promise<number> {
  const leaving = new AbortController();
  let unwritten: NodeJS.ErrnoException | undefined;
  const onInterrupt = () => leaving.abort();
  const onError = (error: NodeJS.ErrnoException) => {
    unwritten ??= error;
    leaving.abort();
  };
  process.on('SIGINT', onInterrupt);
  // To the end of the process: what was written last fails last.
  io.stdout.on?.('error', onError);
  try {
    const status = json
      ? await asJson(session, text, leaving.signal, io)
      : await asText(session, text, leaving.signal, io);
    // What was written last has failed by then, if it has.
    await setImmediate();
    if (!unwritten) return status;
    if (unwritten.code === 'EPIPE') return chatExit.unread;
    io.stderr.write(`The answer cannot be written: ${whyNotKept(unwritten)}.\n`);
    return chatExit.broken;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function asText(session: Session, text: string, signal: AbortSignal, io: Io): Promise<number> {
  const waiting = session.conversation.model;
  const view = createView(io, { showReasoning: session.showReasoning, waiting });
  try {
    const answer = await session.ask(text, signal, { onEvents: view.push, onEnd: view.end });
    for (const note of [...notesOn(answer), spentOn(answer)]) io.stderr.write(`${note}\n`);
    return exitOf[answer.ending];
  } catch (error) {
    view.end();
    io.stderr.write(`${failureOf(error)}\n`);
    return exitOfError(error);
  }
}

async function asJson(session: Session, text: string, signal: AbortSignal, io: Io): Promise<number> {
  const write = (value: object) => io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  try {
    const answer = await session.ask(text, signal);
    write({ ...rendered(answer), ...(session.kept && { conversation: session.conversation.id }) });
    return exitOf[answer.ending];
  } catch (error) {
    write({ error: errorOf(error) });
    io.stderr.write(`${failureOf(error)}\n`);
    return exitOfError(error);
  }
}

/** What `--json` gives; docs/terminal.md describes it. */
function rendered({ turn, ending, error, reply }: Answer) {
  const { content, stopReason, tokens, estimated, cost, model } = turn;
  return {
    text: textOf(content),
    reasoning: reasoningOf(content) || null,
    toolCalls: content.flatMap((block) =>
      'toolUse' in block
        ? [{ id: block.toolUse.toolUseId, name: block.toolUse.name, input: block.toolUse.input }]
        : [],
    ),
    complete: ending === 'complete',
    stopReason,
    model: { asked: model.asked, used: model.used ?? null, region: model.region ?? null },
    usage: tokens ? { ...tokens, estimated: estimated ?? false } : null,
    cost: 'usd' in cost ? { usd: cost.usd } : { usd: null, unknown: cost.unknown },
    steps: reply.steps,
    warnings: reply.warnings,
    ignored: reply.ignored,
    ...(error && { error: errorOf(error) }),
  };
}

function errorOf(error: unknown) {
  if (!(error instanceof GatewayError)) return { message: failureOf(error), reason: 'internal', code: null };
  const { message, reason, code, status } = error;
  return { message, reason, code, status };
}
