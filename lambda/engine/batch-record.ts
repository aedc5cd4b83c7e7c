import { converseAnswer } from '../backends/messages/to-converse.ts';
import { isObject } from '../canonical/json.ts';
import type { NativeSettings } from '../canonical/native.ts';
import type { ConverseAnswer, JsonObject, Message } from '../canonical/types.ts';
import { GatewayError, unsupported } from '../errors.ts';
import { field, type Note, note } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { speaks } from '../models/native-apis.ts';
import type { Target } from '../models/target.ts';
import { fittingFor } from './lane.ts';
import { refuseMalformed } from './malformed.ts';
import type { Rules } from './prepare.ts';
import type { ModelRequest, WholeAnswer } from './types.ts';

/** How the records of a job are written, which is said once for all of them. */
export type JobType = 'InvokeModel' | 'Converse';

/** One request as a record of a job, and the way back. */
export interface BatchRecord {
  modelInput: JsonObject;
  warnings: readonly Note[];
  ignored: readonly Note[];
  /** What the model has answered, as the request's API reads it. Throws GatewayError for what is no answer. */
  read(modelOutput: JsonObject): Promise<WholeAnswer>;
}

/** Claudes are asked in their own form, in which alone a job takes tools; all others by Converse. */
export const jobTypeOf = (target: Target): JobType =>
  speaks(target, 'messages') ? 'InvokeModel' : 'Converse';

/**
 * A model as it is in a job: nothing is cached there, and by Converse no tool can be given. No refusal of a record can be
 * answered with another request, so that what an answer at once would try first is not tried.
 */
export function asInJobs(target: Target): Target {
  const { caching: _, responses: __, interleavedThinkingBeta: flag = '', ...known } = target.capabilities;
  const inBoth: Capabilities = { ...known, streams: true, mediaFormatByBytes: true };
  if (jobTypeOf(target) === 'Converse') {
    const structuredOutput = known.structuredOutput === 'native' ? 'native' : 'prompt';
    return { ...target, capabilities: { ...inBoth, tools: false, structuredOutput } };
  }
  // The grammar of Converse has another member in the model's own form, which not every Claude takes.
  const byTool = known.structuredOutput === 'native' && !known.messages?.outputFormat;
  return {
    ...target,
    capabilities: {
      ...inBoth,
      ...(known.messages?.betas.includes(flag) && { interleavedThinkingBeta: flag }),
      ...(byTool && { structuredOutput: 'tool' as const }),
    },
  };
}

/**
 * Fits one request to the model of a job. `target`: of `asInJobs`. Throws GatewayError (400) for what would change the
 * answer and cannot be honoured in a job.
 */
export async function batchRecord(request: ModelRequest, target: Target, rules: Rules): Promise<BatchRecord> {
  const type = jobTypeOf(target);
  refuseOutside(request, target, type);
  const inJob: Rules = { ...rules, promptCaching: 'off', nativeOpenAi: false };
  const fitted = await fittingFor(request, target, inJob).fit(target.capabilities);
  const { warnings, ignored } = fitted;
  const { answerOf } = await import('../backends/messages/answer.ts');
  if (fitted.native) {
    const { body, settings } = fitted.native;
    return {
      modelInput: body,
      warnings,
      ignored: [...ignored, ...withoutPlace(settings)],
      async read(modelOutput) {
        const native = answerOf(messageIn(modelOutput));
        refuseMalformed(native.stopReason, { target, requestId: undefined });
        return { native };
      },
    };
  }
  const { performanceConfig, serviceTier, requestMetadata, guardrailConfig: _, ...converse } = fitted.request;
  const restored = (answer: ConverseAnswer): WholeAnswer => {
    refuseMalformed(answer.stopReason, { target, requestId: undefined });
    return { answer: fitted.restore.answer(answer) };
  };
  const dropped = withoutPlace({ performanceConfig, serviceTier, requestMetadata } as NativeSettings);
  if (type === 'Converse') {
    refuseInS3(converse.messages);
    return {
      modelInput: converse as unknown as JsonObject,
      warnings,
      ignored: [...ignored, ...dropped],
      read: async (modelOutput) => restored(converseIn(modelOutput)),
    };
  }
  const { messagesBody } = await import('../backends/messages/from-converse.ts');
  const { body, refused } = withKnownFlags(messagesBody(fitted.request), target.capabilities);
  return {
    modelInput: body,
    warnings,
    ignored: [...ignored, ...refused, ...dropped],
    read: async (modelOutput) => restored(converseAnswer(answerOf(messageIn(modelOutput)))),
  };
}

/** One flag that the model does not take by InvokeModel would cost the record: "invalid beta flag". Converse takes more. */
function withKnownFlags(
  given: JsonObject,
  { messages }: Capabilities,
): { body: JsonObject; refused: Note[] } {
  const { anthropic_beta: flags, ...body } = given;
  if (!Array.isArray(flags)) return { body: given, refused: [] };
  const [taken, others] = [true, false].map((known) =>
    flags.filter((flag) => messages?.betas.includes(String(flag)) === known),
  );
  return {
    body: { ...body, ...(taken?.length && { anthropic_beta: taken }) },
    refused: (others ?? []).map((flag) => field('anthropicBeta', String(flag).slice(0, 64))),
  };
}

function refuseOutside(request: ModelRequest, target: Target, type: JobType): void {
  const native = request.native && 'settings' in request.native ? request.native : undefined;
  const own = native?.settings.guardrailConfig ?? target.defaults?.guardrailConfig;
  if (own || (!native && request.canonical().converse.guardrailConfig)) throw noGuardrail();
  if (type === 'InvokeModel' || !request.canonical().converse.toolConfig) return;
  throw unsupported(
    note`Batch inference on Amazon Bedrock takes tools for Claude alone, and \`${target.asked}\` is none: leave \`${field('tools')}\` out.`,
    field('tools'),
  );
}

/** A job would read it with its own role, which reaches the requests of every caller. Of Claude's own form it is no part. */
function refuseInS3(messages: readonly Message[]): void {
  const isInS3 = (block: object): boolean =>
    Object.values(block).some(
      (member) => isObject(member) && isObject(member.source) && 's3Location' in member.source,
    );
  const blocks = messages.flatMap(({ content }) => content);
  const results = blocks.flatMap((block) => ('toolResult' in block ? block.toolResult.content : []));
  if ([...blocks, ...results].some(isInS3))
    throw unsupported('The requests of a batch take no files in S3: send them as base64.', field('messages'));
}

/** A job applies none, and whatever is to be guarded must not go unguarded. */
export const noGuardrail = (): GatewayError =>
  unsupported(
    note`Batch inference on Amazon Bedrock applies no guardrail, and this request or its key has one (\`${field('guardrailConfig')}\`): send it to the API that answers at once.`,
    field('guardrailConfig'),
  );

/** What a record has no place for, and what cannot change the answer. Metadata become the job's tags. */
function withoutPlace({ performanceConfig, serviceTier, requestMetadata }: NativeSettings): Note[] {
  return [
    ...(performanceConfig ? [note`performanceConfig`] : []),
    ...(serviceTier ? [note`${field('serviceTier')}`] : []),
    ...(requestMetadata ? [note`${field('requestMetadata')}`] : []),
  ];
}

function messageIn(modelOutput: JsonObject): JsonObject {
  if (!Array.isArray(modelOutput.content)) throw unreadable();
  return modelOutput;
}

function converseIn(modelOutput: JsonObject): ConverseAnswer {
  const answer = modelOutput as unknown as ConverseAnswer;
  if (!answer.output?.message || !answer.usage) throw unreadable();
  return answer;
}

const unreadable = () =>
  new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'bad_gateway',
    mayHaveRun: true,
    message: 'Amazon Bedrock wrote something for this request that is no answer of the model.',
  });
