import type { Context } from 'hono';
import type { FetchedMedia } from '../../canonical/fetched-media.ts';
import type { Plan } from '../../engine/plan.ts';
import type {
  Asked,
  Caller,
  Engine,
  RequestContext,
  StreamedAnswer,
  WholeAnswer,
} from '../../engine/types.ts';
import type { Spell } from '../../fields.ts';
import { settlesWithin } from '../../settles-within.ts';
import { map } from '../../streams/map.ts';
import { mayAskForTechnique } from '../../techniques/recognise.ts';
import type { Selected, TechniqueSettings } from '../../techniques/select.ts';
import type { Services } from '../../techniques/types.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { sseResponse } from '../../web/sse-response.ts';
import type { ChatApi, ServedRequest } from '../api.ts';
import { headerParameters } from './bedrock-headers.ts';
import { readSizedBody } from './body.ts';
import type { GatewayEnv } from './env.ts';
import { gatewayHeaders } from './gateway-headers.ts';
import type { Fields } from './json.ts';
import { inClientWords, spelledNotes } from './spelling.ts';
import { streamAnswer } from './stream-answer.ts';

export interface ServeDeps {
  engine: Engine;
  /** Silence after which a stream begins, and in it a heartbeat goes out. */
  heartbeatMs: number;
  /** Fetches the https URLs of images, safely. Rejects with a 400 that names the URL, or says that none is fetched. */
  fetchMedia: (
    urls: string[],
    caller: Caller,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, FetchedMedia>>;
  /** Epoch milliseconds. */
  now: () => number;
  /** Called with a fault of the gateway's own within a stream, where no status can report it any more. */
  onUnexpected: (error: unknown, requestId: string) => void;
  /** Set only where a setting allows prompts and answers in the logs. */
  contentLog?: Logger;
  techniques: TechniqueDeps;
}

/** What optimisation techniques need; nothing of it is used for a request that asks for none. */
export interface TechniqueDeps {
  settings: TechniqueSettings;
  /** Whether the account has a model of this name that the caller may use. */
  isListed(name: string, caller: Caller): Promise<boolean>;
  /** 0 ≤ x < 1. */
  random: () => number;
  services(caller: Caller): Services;
}

/** Serves one client API: reads, permits, fetches, asks the engine, and answers, whole or as a stream. */
export function serve<Request extends ServedRequest>(api: ChatApi<Request>, deps: ServeDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { requestId, caller, lifetime, trace } = context;
    const { fields, bytes: bodyBytes } = await readSizedBody(c);
    const { headers } = c.req.raw;
    const given = { ...headerParameters(headers), ...fields };
    const { body, selection, ignored } = await selected(given, deps, caller);
    const begun = api.begin(body, headers);
    const { asked, stream, urls, spell } = begun;
    trace.note({ api: api.name, stream, modelAsked: asked.model });
    return inClientWords(spell, async () => {
      // Nothing is fetched, decrypted or unpacked for a caller who may not call the model.
      const plan = await deps.engine.permit(asked, context);
      const fetched = urls.length > 0 ? await deps.fetchMedia(urls, caller, lifetime.signal) : new Map();
      const read = begun.read({ stateKey: c.get('stateKey')(), fetched, bodyBytes });
      const request = ignored.length === 0 ? read : { ...read, ignored: [...read.ignored, ...ignored] };
      deps.contentLog?.info('prompt', { requestId, body });
      const served: Served<Request> = { c, api, deps, asked, request, plan, spell };
      if (!selection) return stream ? streamed(served) : whole(served);
      const { serveOptimised, optimisationHeader } = await import('./serve-optimised.ts');
      const bytes = bodyBytes + [...fetched.values()].reduce((sum, { bytes: { length } }) => sum + length, 0);
      const optimised = await serveOptimised(served, selection, stream, bytes);
      if ('response' in optimised) return optimised.response;
      // Everything stands aside: it is a plain request, in whatever lane it would have.
      const warnings = [...request.warnings, ...optimised.warnings];
      const plain = { ...served, request: { ...request, warnings } };
      const response = await (stream ? streamed(plain) : whole(plain));
      response.headers.set(optimisationHeader, 'none');
      return response;
    });
  };
}

/** What the body asks for of techniques, and the body without it. What reads it is loaded for bodies that may ask. */
async function selected(
  given: Fields,
  { techniques: { settings, isListed } }: ServeDeps,
  caller: Caller,
): Promise<Selected> {
  if (!mayAskForTechnique(given, settings.aliases)) return { body: given, ignored: [] };
  const { select } = await import('../../techniques/select.ts');
  const { principal } = caller;
  return select(given, { settings, principal, isListed: (name) => isListed(name, caller) });
}

/** A request that may be answered. */
export interface Served<Request extends ServedRequest> {
  c: Context<GatewayEnv>;
  api: ChatApi<Request>;
  deps: ServeDeps;
  asked: Asked;
  request: Request;
  plan: Plan;
  spell: Spell;
}

async function whole<Request extends ServedRequest>(served: Served<Request>): Promise<Response> {
  const { c, api, deps, request, plan, spell } = served;
  const context = c.get('request');
  const createdAt = deps.now();
  const outcomes = await Promise.all(
    contexts(context, request.n).map((each) => deps.engine.answer(request.model, plan, each)),
  );
  const [first] = outcomes;
  if (!first) throw new Error('unreachable: n is at least 1');
  logAnswers(deps, context, outcomes);
  const head = { requestId: context.requestId, createdAt, now: deps.now, model: first.model };
  const answers = outcomes.map(({ answer }) => answer).filter((answer) => answer !== undefined);
  const body = first.native
    ? api.nativeAnswer?.(first.native, head, request)
    : api.answer(answers, head, request);
  const { ignored } = request;
  const warnings = [...request.warnings, ...(api.warnings?.(answers) ?? [])];
  return c.json(body, 200, gatewayHeaders(spelledNotes(first, spell), { ignored, warnings }));
}

async function streamed<Request extends ServedRequest>(served: Served<Request>): Promise<Response> {
  const { c, api, deps, asked, request, plan, spell } = served;
  const context = c.get('request');
  const { requestId, trace } = context;
  const createdAt = deps.now();
  const waiting = Promise.withResolvers<void>();
  const opening = allOrNone(
    contexts({ ...context, onWait: waiting.resolve }, request.n).map((each) =>
      deps.engine.stream(request.model, plan, each),
    ),
  );
  // Until the first event a failure is a real status. While a model is being loaded, or has been silent for long, the
  // stream begins instead, and a failure is an event of it.
  const ready = Promise.race([opening, waiting.promise]);
  const opened = (await settlesWithin(deps.heartbeatMs, ready)) ? await ready : undefined;
  const first = opened?.[0];
  const end = c.get('keepOpen')();
  const events = streamAnswer({
    opened: opening.then((streams) => ({
      choices: streams.map((each) => logged(each, deps.contentLog, requestId)),
      model: streams[0]?.model ?? asked.model,
    })),
    spell,
    encoder: api.encoder({ requestId, createdAt, now: deps.now }, request),
    onError(error) {
      trace.fail(error);
      if (error.reason === 'internal') deps.onUnexpected(error, requestId);
    },
  });
  return sseResponse(events, {
    headers: gatewayHeaders(first ? spelledNotes(first, spell) : {}, request),
    heartbeat: () => events.heartbeat(),
    heartbeatMs: deps.heartbeatMs,
    overdue: opened === undefined,
    onEnd: end,
  });
}

/** Each of several answers has a trace of its own. When one fails the rest are ended with the request's own signal. */
function contexts(context: RequestContext, n: number): RequestContext[] {
  if (n === 1) return [context];
  return Array.from({ length: n }, () => ({ ...context, trace: context.trace.child() }));
}

/** The streams, once all have begun. When one does not, those that do are left. */
async function allOrNone<T extends StreamedAnswer>(opening: readonly Promise<T>[]): Promise<T[]> {
  try {
    return await Promise.all(opening);
  } catch (error) {
    for (const each of opening) {
      each.then(
        ({ events, native }) => (native ?? events).cancel(),
        () => {},
      );
    }
    throw error;
  }
}

function logged(answer: StreamedAnswer, log: Logger | undefined, requestId: string): StreamedAnswer {
  if (!log) return answer;
  const noted = <T>(batch: T): T => {
    log.info('answer', { requestId, events: batch });
    return batch;
  };
  return answer.native ? { native: map(answer.native, noted) } : { events: map(answer.events, noted) };
}

function logAnswers(
  { contentLog }: ServeDeps,
  { requestId }: RequestContext,
  answers: readonly WholeAnswer[],
): void {
  for (const { answer, native } of answers) {
    contentLog?.info('answer', { requestId, answer: native?.body ?? answer?.output.message });
  }
}
