import { invalid } from '../errors.ts';
import type { Call, Operation, Reply } from '../operation.ts';
import { answerMessages, speaksMessages } from './claude/messages.ts';
import { embed } from './embeddings.ts';
import { generate } from './generate.ts';
import { checkHeaders } from './headers.ts';
import { draw, draws } from './images.ts';
import { rank } from './rerank.ts';

/** The most that `body` may have (Smithy model of bedrock-runtime). */
const mostBytes = 25_000_000;

function checkSize({ headers }: Call): void {
  if (Number(headers['content-length'] ?? 0) > mostBytes)
    throw invalid(
      `1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to ${mostBytes}`,
    );
}

/** POST /model/{modelId}/invoke. */
export const invoke: Operation = (call) => {
  checkSize(call);
  checkHeaders(call);
  if (call.model.ranks) return rank(call);
  if (draws(call.model.id)) return draw(call);
  return call.model.embeds ? embed(call) : write(call, false);
};

/** POST /model/{modelId}/invoke-with-response-stream. */
export const invokeStream: Operation = (call) => {
  checkSize(call);
  checkHeaders(call);
  if (call.model.embeds || call.model.ranks || draws(call.model.id))
    throw invalid('The model is unsupported for streaming.');
  return write(call, true);
};

const write = (call: Call, streams: boolean): Reply =>
  speaksMessages(call) ? answerMessages(call, streams) : generate(call, streams);
