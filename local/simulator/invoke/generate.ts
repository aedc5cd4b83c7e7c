import { createHash } from 'node:crypto';
import type { Answer, AnswerBlock } from '../answer/answer.ts';
import { compose } from '../answer/compose.ts';
import { limited } from '../answer/limit.ts';
import { estimateTokens, tokensOfAnswer } from '../answer/tokens.ts';
import type { ConverseRequest } from '../converse/request.ts';
import type { Call, Reply, Step } from '../operation.ts';
import { chunk, jsonReply, streamReply } from '../reply.ts';
import { checkWholeText } from '../rules/whole-text.ts';
import { stage } from '../scenarios/stage.ts';
import { checkBody } from './body-schema.ts';
import { guardrailMembers, withGuardrail } from './guardrail.ts';
import { lastWords } from './last-words.ts';
import type { NativeFormat, Said } from './native-format.ts';
import { nativeFormatOf } from './native-formats.ts';

/** InvokeModel and InvokeModelWithResponseStream of a model that writes text. */
export function generate(whole: Call, streams: boolean): Reply {
  const { call, guard } = withGuardrail(whole);
  const format = nativeFormatOf(call);
  checkWholeText(call.body);
  checkBody(call.body, format.schema);
  const sent = format.read(call.body);
  const request = { ...sent, messages: withoutTemplate(sent.messages ?? []) };
  return stage(call, request, (rewrite) => {
    const { stopSequences, maxTokens } = request.inferenceConfig ?? {};
    const composed = limited(rewrite(compose(request, call.model)), stopSequences, maxTokens);
    const answer = guard(composed);
    const said = saidIn(answer, estimateTokens(sent), call);
    const spoken = guardrailMembers(answer, call);
    return streams
      ? streamReply(steps(format, said, spoken, call), { 'x-amzn-bedrock-content-type': 'application/json' })
      : jsonReply({ ...format.answer(said, call.body), ...spoken }, headersOf(said));
  });
}

function saidIn(answer: Answer, inputTokens: number, { body, modelId, world }: Call): Said {
  return {
    text: answer.blocks.map((block) => ('text' in block ? block.text : '')).join(''),
    calls: answer.blocks.flatMap(callIn),
    stopReason: answer.stopReason,
    stopSequence: answer.stopSequence,
    inputTokens,
    outputTokens: tokensOfAnswer(answer.blocks),
    id: createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32),
    modelId,
    created: Math.floor(world.now() / 1000),
  };
}

function callIn(block: AnswerBlock): Said['calls'] {
  if (!('toolUse' in block)) return [];
  const { toolUseId: id, name, input } = block.toolUse;
  return [{ id, name, input: typeof input === 'string' ? input : JSON.stringify(input) }];
}

/** What the user said, for the model to answer; the tokens of the template are paid for all the same. */
function withoutTemplate(messages: NonNullable<ConverseRequest['messages']>) {
  return messages.map((message) => ({
    ...message,
    content: message.content.map((block) =>
      block.text === undefined ? block : { ...block, text: lastWords(block.text) },
    ),
  }));
}

const latencyOf = ({ outputTokens }: Said) => 50 + 4 * outputTokens;

function headersOf(said: Said): Record<string, string> {
  return {
    'x-amzn-bedrock-invocation-latency': String(latencyOf(said)),
    'x-amzn-bedrock-input-token-count': String(said.inputTokens),
    'x-amzn-bedrock-output-token-count': String(said.outputTokens),
  };
}

/** The last chunk carries Bedrock's own counts. */
function* steps(format: NativeFormat, said: Said, spoken: object, { body }: Call): Iterable<Step> {
  const words = said.text.match(/\s*\S+|\s+/g) ?? [''];
  let last: Record<string, unknown> | undefined;
  for (const native of format.chunks(said, words, body)) {
    if (last) yield chunk(last);
    last = { ...native, ...spoken };
  }
  const metrics = {
    inputTokenCount: said.inputTokens,
    outputTokenCount: said.outputTokens,
    invocationLatency: latencyOf(said),
    firstByteLatency: 50,
  };
  yield chunk({ ...last, 'amazon-bedrock-invocationMetrics': metrics });
}
