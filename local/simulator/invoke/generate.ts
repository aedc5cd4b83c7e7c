import { createHash } from 'node:crypto';
import type { Answer, AnswerBlock } from '../answer/answer.ts';
import { compose } from '../answer/compose.ts';
import { limited } from '../answer/limit.ts';
import { estimateTokens, tokensOfAnswer } from '../answer/tokens.ts';
import { type ConverseRequest, lastUserText } from '../converse/request.ts';
import { assessedInBody, guardrailMember } from '../guardrail/assessed.ts';
import { guarded } from '../guardrail/guardrail.ts';
import { findGuardrail } from '../models/guardrails.ts';
import type { Call, Reply, Step } from '../operation.ts';
import { chunk, jsonReply, streamReply } from '../reply.ts';
import { checkWholeText } from '../rules/whole-text.ts';
import { stage } from '../scenarios/stage.ts';
import { type BodySchema, checkBody } from './body-schema.ts';
import { lastWords } from './last-words.ts';
import type { NativeFormat, Said } from './native-format.ts';
import { nativeFormatOf } from './native-formats.ts';

/** InvokeModel and InvokeModelWithResponseStream of a model that writes text. */
export function generate(whole: Call, streams: boolean): Reply {
  const { call, guardrail } = withGuardrail(whole);
  const format = nativeFormatOf(call);
  checkWholeText(call.body);
  checkBody(call.body, format.schema);
  const sent = format.read(call.body);
  const request = { ...sent, messages: withoutTemplate(sent.messages ?? []) };
  return stage(call, lastUserText(request), (rewrite) => {
    const { stopSequences, maxTokens } = request.inferenceConfig ?? {};
    const composed = limited(rewrite(compose(request, call.model)), stopSequences, maxTokens);
    const answer = guardrail ? guarded(composed, guardrail.id, guardrail.assessed) : composed;
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

/**
 * On InvokeModel a guardrail is asked for in headers, and told how to look at the texts in the body. The model does
 * not see that.
 */
function withGuardrail(call: Call): { call: Call; guardrail?: { id: string; assessed: string[] } } {
  const { headers, region, world } = call;
  const { body, settings } = splitBody(call.body);
  const identifier = headers['x-amzn-bedrock-guardrailidentifier'];
  const version = headers['x-amzn-bedrock-guardrailversion'];
  const inner = { ...call, body };
  if (typeof identifier !== 'string' || typeof version !== 'string') return { call: inner };
  const { id } = findGuardrail(identifier, version, region, world);
  return { call: inner, guardrail: { id, assessed: assessedInBody(body, settings?.tagSuffix) } };
}

function splitBody(body: unknown): { body: unknown; settings?: { tagSuffix?: string } } {
  if (typeof body !== 'object' || body === null || !(guardrailMember in body)) return { body };
  const { [guardrailMember]: settings, ...rest } = body;
  checkBody(settings, settingsSchema);
  return { body: rest, settings: settings as { tagSuffix?: string } };
}

const settingsSchema: BodySchema = {
  type: 'JSONObject',
  members: {
    tagSuffix: { type: 'String', minLength: 1, maxLength: 20 },
    streamProcessingMode: { type: 'String', enum: ['SYNCHRONOUS', 'ASYNCHRONOUS'] },
  },
};

/** And speaks beside the model, which keeps its own stop reason (recorded). */
function guardrailMembers({ guardrailTrace, stopReason }: Answer, { headers }: Call): object {
  if (!guardrailTrace) return {};
  const trace = headers['x-amzn-bedrock-trace'];
  return {
    ...(typeof trace === 'string' &&
      trace !== 'DISABLED' && { 'amazon-bedrock-trace': { guardrail: guardrailTrace } }),
    'amazon-bedrock-guardrailAction': stopReason === 'guardrail_intervened' ? 'INTERVENED' : 'NONE',
  };
}
