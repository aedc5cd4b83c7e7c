import type { Context } from 'hono';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import type { ConverseAnswer, EventBatches, Usage } from '../../canonical/types.ts';
import type { Config } from '../../config.ts';
import type { CallContext, Engine, Outcome } from '../../engine/types.ts';
import { mapped } from '../../streams/map.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { recordError } from '../../telemetry/record.ts';
import { sseResponse } from '../../web/sse-response.ts';
import { askedReasoningFields, headerParameters } from '../shared/bedrock-headers.ts';
import { readSizedBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { inClientWords, spelledNotes } from '../shared/spelling.ts';
import { tellStream } from '../shared/stream-answer.ts';
import { fetchableUrls } from './parts.ts';
import { type ChatCall, readParameters, translateChat } from './request.ts';
import { addUp, translateAnswers } from './response.ts';
import type { AnswerHead, Telling } from './telling.ts';

export interface ChatDeps {
  engine: Engine;
  /** Refuse unknown parameters. */
  strict: boolean;
  /** Where reasoning stands in answers to clients that do not say; both places unless set. */
  reasoningFields?: Config['reasoningFields'];
  heartbeatMs: number;
  /** Fetches the https URLs of images, safely. Rejects with a 400 that names the URL, or says that none is fetched. */
  fetchMedia: (
    urls: string[],
    caller: Pick<CallContext, 'signal' | 'keyless'>,
  ) => Promise<ReadonlyMap<string, FetchedMedia>>;
  /** Epoch milliseconds. */
  now: () => number;
  /** Told of a fault of the gateway's own within a stream, where no status can tell of it any more. */
  onUnexpected: (error: unknown, requestId: string) => void;
  /** Set only where a setting allows prompts and answers in the logs. */
  contentLog?: Logger;
}

/** Comments are skipped by every client tried (Codex, Copilot, AI SDK, LangChain, openai-python). */
const heartbeat = ': keep-alive\n\n';

/** POST /chat/completions. */
export function chatCompletions(deps: ChatDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('call');
    const { fields, bytes: bodyBytes } = await readSizedBody(c);
    const body = { ...headerParameters(c.req.raw.headers), ...fields };
    const asked = readParameters(body, deps.strict);
    const { model, messages, stream } = asked.request;
    if (asked.fallbacks) context.fallbacks = asked.fallbacks;
    Object.assign(context.record, { api: 'chat', stream: stream ?? false, modelAsked: model });
    return inClientWords(asked.spell, async () => {
      // Nothing is fetched, decrypted or unpacked for a caller who may not call the model.
      await deps.engine.permit(model, context);
      const urls = fetchableUrls(messages ?? []);
      const fetched = urls.length > 0 ? await deps.fetchMedia(urls, context) : new Map();
      const chat = translateChat(asked, { stateKey: context.stateKey(), fetched, bodyBytes });
      deps.contentLog?.info('prompt', { requestId: context.requestId, body });
      const telling = tellingOf(c, chat, deps);
      return chat.stream ? streamed(c, chat, telling, deps) : whole(c, chat, telling, deps);
    });
  };
}

async function whole(
  c: Context<GatewayEnv>,
  chat: ChatCall,
  telling: Telling,
  deps: ChatDeps,
): Promise<Response> {
  const context = c.get('call');
  const outcomes = await times(chat.n, () => deps.engine.answer(chat.canonical, context));
  const answers = outcomes.map(({ answer }) => answer);
  const [first] = outcomes;
  if (!first) throw new Error('unreachable: n is at least 1');
  recordOutcome(context, first, addUp(answers.map(({ usage }) => usage)));
  logAnswers(deps, context, answers);
  const completion = translateAnswers(answers, headOf(context, first.model, deps), telling);
  return c.json(completion, 200, gatewayHeaders(spelledNotes(first, chat.spell), chat));
}

async function streamed(
  c: Context<GatewayEnv>,
  chat: ChatCall,
  telling: Telling,
  deps: ChatDeps,
): Promise<Response> {
  const context = c.get('call');
  const waiting = Promise.withResolvers<void>();
  context.onWait = waiting.resolve;
  const opening = times(chat.n, () => deps.engine.stream(chat.canonical, context));
  // Until the first event a failure is a real status; while a model is being loaded the stream begins instead.
  const opened = await Promise.race([opening, waiting.promise]);
  let first = opened?.[0];
  const end = c.get('hold')();
  const events = tellStream({
    opened: opening.then((streams) => {
      [first] = streams;
      return {
        choices: streams.map(({ events }) => logged(events, deps.contentLog, context.requestId)),
        head: headOf(context, first?.model ?? chat.canonical.model, deps),
      };
    }),
    telling,
    spell: chat.spell,
    includeUsage: chat.includeUsage,
    // At once: the last chunk may be taken, and the record written, before a promise tells of anything.
    onOutcome: (usages) => first && recordOutcome(context, first, addUp(usages)),
    onError: (error) => {
      recordError(context.record, error);
      if (error.reason === 'internal') deps.onUnexpected(error, context.requestId);
    },
  });
  return sseResponse(events, {
    headers: gatewayHeaders(first ? spelledNotes(first, chat.spell) : {}, chat),
    heartbeat,
    heartbeatMs: deps.heartbeatMs,
    onEnd: end,
  });
}

/** The same call `n` times at once. When one fails the rest are ended with the call's own signal. */
function times<T>(n: number, call: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: n }, call));
}

function headOf({ requestId }: CallContext, model: string, { now }: ChatDeps): AnswerHead {
  return { id: `chatcmpl-${requestId}`, created: Math.floor(now() / 1000), model };
}

function tellingOf(c: Context<GatewayEnv>, chat: ChatCall, deps: ChatDeps): Telling {
  const { tools, hideReasoning, trace } = chat;
  const reasoningFields = askedReasoningFields(c.req.raw.headers) ?? deps.reasoningFields;
  return { tools, hideReasoning, reasoningFields, trace, stateKey: c.get('call').stateKey() };
}

function recordOutcome({ record }: CallContext, outcome: Outcome, usage: Usage): void {
  Object.assign(record, {
    modelUsed: outcome.modelId,
    region: outcome.attempts.at(-1)?.region,
    attempts: outcome.attempts.length,
    upstreamRequestId: outcome.requestId,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadTokens: usage.cacheReadInputTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteInputTokens ?? 0,
  });
}

function logged(events: EventBatches, log: Logger | undefined, requestId: string): EventBatches {
  if (!log) return events;
  return mapped(events, (batch) => {
    log.info('answer', { requestId, events: batch });
    return batch;
  });
}

function logAnswers({ contentLog }: ChatDeps, { requestId }: CallContext, answers: ConverseAnswer[]): void {
  for (const { output } of answers) contentLog?.info('answer', { requestId, message: output.message });
}
