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
import { readBody } from '../shared/body.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { gatewayHeaders } from '../shared/gateway-headers.ts';
import { tellStream } from '../shared/stream-answer.ts';
import { fetchableUrls } from './parts.ts';
import { type ChatCall, translateRequest } from './request.ts';
import { addUp, translateAnswers } from './response.ts';
import type { AnswerHead, Telling } from './telling.ts';

export interface ChatDeps {
  engine: Engine;
  /** Refuse unknown parameters. */
  strict: boolean;
  /** Where reasoning stands in answers to clients that do not say; both places unless set. */
  reasoningFields?: Config['reasoningFields'];
  heartbeatMs: number;
  /** Fetches the https URLs of images, safely. Rejects with a 400 that names the URL. */
  fetchMedia: (urls: string[], signal: AbortSignal) => Promise<ReadonlyMap<string, FetchedMedia>>;
  /** Epoch milliseconds. */
  now: () => number;
  /** Told of a fault of the gateway's own within a stream, where no status can tell of it any more. */
  onUnexpected: (error: unknown, requestId: string) => void;
  /** Set only where a setting allows prompts and answers in the logs. */
  contentLog?: Logger;
}

/** POST /chat/completions. */
export function chatCompletions(deps: ChatDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('call');
    const body = { ...headerParameters(c.req.raw.headers), ...(await readBody(c)) };
    const urls = Array.isArray(body.messages) ? fetchableUrls(body.messages) : [];
    const fetched = urls.length > 0 ? await deps.fetchMedia(urls, context.signal) : new Map();
    const chat = translateRequest(body, { stateKey: context.stateKey(), strict: deps.strict, fetched });
    deps.contentLog?.info('prompt', { requestId: context.requestId, body });
    if (chat.fallbacks) context.fallbacks = chat.fallbacks;
    Object.assign(context.record, { api: 'chat', stream: chat.stream, modelAsked: chat.canonical.model });
    const telling = tellingOf(c, chat, deps);
    return chat.stream ? streamed(c, chat, telling, deps) : whole(c, chat, telling, deps);
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
  return c.json(completion, 200, gatewayHeaders(first, chat.ignored));
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
    includeUsage: chat.includeUsage,
    // At once: the last chunk may be taken, and the record written, before a promise tells of anything.
    onOutcome: (usages) => first && recordOutcome(context, first, addUp(usages)),
    onError: (error) => {
      recordError(context.record, error);
      if (error.reason === 'internal') deps.onUnexpected(error, context.requestId);
    },
  });
  return sseResponse(events, {
    headers: gatewayHeaders(first ?? {}, chat.ignored),
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
