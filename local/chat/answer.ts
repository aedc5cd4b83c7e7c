import { fold } from '../../lambda/canonical/fold.ts';
import type { ContentBlock, ConverseEvent } from '../../lambda/canonical/types.ts';
import { type GatewayError, toGatewayError } from '../../lambda/errors.ts';
import type { AssistantTurn } from '../conversations/format.ts';
import type { Connection, Question, Reply } from './connection.ts';

/** How an answer ended: as it should; before its end, at a limit or a filter; by a person; by a failure. */
export type Ending = 'complete' | 'incomplete' | 'stopped' | 'failed';

export interface Answer {
  turn: AssistantTurn;
  ending: Ending;
  /** Why it failed. */
  error?: GatewayError;
  reply: Reply;
}

export interface Listener {
  onBegin?(reply: Reply): void;
  onEvents?(batch: readonly ConverseEvent[]): void;
  /** Nothing more comes: whoever shows it makes room for what is told next. Not called where nothing has begun. */
  onEnd?(): void;
}

/**
 * Asks and listens to the end. What came of an answer that was stopped or failed is kept. Rejects with a GatewayError
 * where nothing has begun.
 */
export async function answerTo(
  connection: Connection,
  question: Question,
  signal: AbortSignal,
  { onBegin, onEvents, onEnd }: Listener = {},
): Promise<Answer> {
  const reply = await connection.ask(question, signal);
  onBegin?.(reply);
  const events: ConverseEvent[] = [];
  let error: GatewayError | undefined;
  try {
    for await (const batch of reply.events) {
      events.push(...batch);
      onEvents?.(batch);
    }
  } catch (thrown) {
    error = toGatewayError(thrown);
  }
  onEnd?.();
  const stopped = error !== undefined && signal.aborted;
  const { content, stopReason } = error ? partOf(events, stopped) : wholeOf(events);
  const { tokens, estimated, cost } = await reply.spent();
  const turn: AssistantTurn = {
    role: 'assistant',
    at: new Date().toISOString(),
    content,
    model: {
      asked: question.model,
      ...(reply.modelId !== undefined && { used: reply.modelId }),
      ...(reply.region !== undefined && { region: reply.region }),
    },
    stopReason,
    ...(tokens && { tokens }),
    ...(estimated && { estimated }),
    cost,
    ...(reply.warnings.length > 0 && { warnings: [...reply.warnings] }),
  };
  if (!error) return { turn, ending: finished.has(stopReason) ? 'complete' : 'incomplete', reply };
  return stopped ? { turn, ending: 'stopped', reply } : { turn, ending: 'failed', error, reply };
}

const finished = new Set(['end_turn', 'stop_sequence', 'tool_use']);

function wholeOf(events: readonly ConverseEvent[]): { content: ContentBlock[]; stopReason: string } {
  const { output, stopReason } = fold(events);
  return { content: reasoningFirst(output.message.content), stopReason };
}

/** Only what stands by itself: a call without its end cannot be made, and unsigned reasoning is refused. */
function partOf(
  events: readonly ConverseEvent[],
  stopped: boolean,
): { content: ContentBlock[]; stopReason: string } {
  const stopReason = stopped ? 'stopped' : 'failed';
  const { output } = fold([
    ...events.filter((event) => !('messageStop' in event)),
    { messageStop: { stopReason } },
  ]);
  const content = output.message.content.filter(
    (block) =>
      ('text' in block && block.text !== '') ||
      'citationsContent' in block ||
      ('reasoningContent' in block && block.reasoningContent.reasoningText?.signature !== undefined),
  );
  return { content: reasoningFirst(content), stopReason };
}

/** A gateway may tell what was reasoned after the text that followed from it. Between calls its place matters. */
function reasoningFirst(content: ContentBlock[]): ContentBlock[] {
  if (content.some((block) => 'toolUse' in block)) return content;
  const isReasoning = (block: ContentBlock) => 'reasoningContent' in block;
  return [...content.filter(isReasoning), ...content.filter((block) => !isReasoning(block))];
}

export const textOf = (content: readonly ContentBlock[]): string =>
  content
    .flatMap((block) => {
      if ('text' in block) return [block.text];
      return 'citationsContent' in block
        ? (block.citationsContent.content ?? []).map(({ text }) => text)
        : [];
    })
    .join('');

export const reasoningOf = (content: readonly ContentBlock[]): string =>
  content
    .flatMap((block) =>
      'reasoningContent' in block ? [block.reasoningContent.reasoningText?.text ?? ''] : [],
    )
    .filter(Boolean)
    .join('\n\n');
