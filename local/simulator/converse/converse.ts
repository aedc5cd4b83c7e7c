import type { AnswerBlock } from '../answer/answer.ts';
import { alphabetical } from '../event-stream.ts';
import type { Operation } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { answerConverse, type Outcome } from './answer.ts';
import type { ConverseRequest } from './request.ts';

/** POST /model/{modelId}/converse. */
export const converse: Operation = (call) =>
  answerConverse(call, false, (outcome, request) => jsonReply(alphabetical(bodyOf(outcome, request))));

function bodyOf(
  { answer, usage, latencyMs, ...echoed }: Outcome,
  { additionalModelResponseFieldPaths: paths }: ConverseRequest,
) {
  const wantsSequence = paths?.includes('/stop_sequence');
  return {
    output: { message: { role: 'assistant', content: answer.blocks.map(wholeInput) } },
    stopReason: answer.stopReason,
    usage,
    metrics: { latencyMs },
    ...(wantsSequence && { additionalModelResponseFields: { stop_sequence: answer.stopSequence } }),
    ...echoed,
  };
}

/** Arguments that were cut off in mid-air are no JSON, and there is no other way to say them here. */
const wholeInput = (block: AnswerBlock): AnswerBlock =>
  'toolUse' in block && typeof block.toolUse.input === 'string'
    ? { toolUse: { ...block.toolUse, input: {} } }
    : block;
