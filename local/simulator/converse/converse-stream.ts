import type { AnswerBlock } from '../answer/answer.ts';
import type { Operation, Step } from '../operation.ts';
import { streamReply } from '../reply.ts';
import { answerConverse, type Outcome } from './answer.ts';
import type { ConverseRequest } from './request.ts';

/** POST /model/{modelId}/converse-stream. */
export const converseStream: Operation = (call) =>
  answerConverse(call, true, (outcome, request) => streamReply(eventsOf(outcome, request)));

const event = (type: string, payload: Record<string, unknown>): Step => ({ event: type, payload });

/** messageStart, the blocks, messageStop, metadata: the order is fixed (recorded, without exception). */
function* eventsOf(
  { answer, usage, latencyMs, ...echoed }: Outcome,
  request: ConverseRequest,
): Iterable<Step> {
  yield event('messageStart', { role: 'assistant' });
  for (const [contentBlockIndex, block] of answer.blocks.entries()) {
    const start = startOf(block);
    if (start) yield event('contentBlockStart', { contentBlockIndex, start });
    for (const delta of deltasOf(block)) yield event('contentBlockDelta', { contentBlockIndex, delta });
    yield event('contentBlockStop', { contentBlockIndex });
  }
  const wantsSequence = request.additionalModelResponseFieldPaths?.includes('/delta/stop_sequence');
  yield event('messageStop', {
    stopReason: answer.stopReason,
    ...(wantsSequence && {
      additionalModelResponseFields: { delta: { stop_sequence: answer.stopSequence } },
    }),
  });
  yield event('metadata', { usage, metrics: { latencyMs }, ...echoed });
}

/** Only tools announce themselves; text, reasoning and citations begin with their first delta (0 of 4,683). */
function startOf(block: AnswerBlock): object | undefined {
  if ('toolUse' in block) {
    const { toolUseId, name, type } = block.toolUse;
    return { toolUse: { toolUseId, name, type } };
  }
  if (!('toolResult' in block)) return undefined;
  const { toolUseId, type, status } = block.toolResult;
  return { toolResult: { toolUseId, type, status } };
}

function* deltasOf(block: AnswerBlock): Iterable<object> {
  if ('text' in block) {
    for (const text of words(block.text)) yield { text };
  } else if ('reasoningContent' in block) {
    const { reasoningText, redactedContent } = block.reasoningContent;
    for (const text of words(reasoningText?.text ?? '')) yield { reasoningContent: { text } };
    if (reasoningText?.signature) yield { reasoningContent: { signature: reasoningText.signature } };
    if (redactedContent) yield { reasoningContent: { redactedContent } };
  } else if ('toolUse' in block) {
    for (const input of fragments(block.toolUse.input)) yield { toolUse: { input } };
  } else if ('toolResult' in block) {
    yield { toolResult: block.toolResult.content };
  } else {
    for (const { text } of block.citationsContent.content ?? []) yield { text };
    for (const citation of block.citationsContent.citations) yield { citation };
  }
}

const words = (text: string): string[] => text.match(/\s*\S+|\s+/g) ?? [];

/** JSON in pieces, the first one empty (recorded); nothing at all for a call without arguments. */
function fragments(input: unknown): string[] {
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  if (text === '{}') return [];
  return ['', ...(text.match(/[\s\S]{1,12}/gu) ?? [])];
}
