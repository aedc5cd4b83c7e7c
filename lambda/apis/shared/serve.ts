import type { Context } from 'hono';
import type { Trace } from '../../accounting/trace.ts';
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
import { mayAsk } from '../../techniques/recognise.ts';
import type { TechniqueSettings } from '../../techniques/select.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { sseResponse } from '../../web/sse-response.ts';
import type { ChatApi, ServedRequest } from '../api.ts';
import { headerParameters, withHeaders } from './bedrock-headers.ts';
import { readSizedBody } from './body.ts';
import type { GatewayEnv } from './env.ts';
import { gatewayHeaders } from './gateway-headers.ts';
import type { Fields } from './json.ts';
import type { ReadTechniques } from './serve-optimised.ts';
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
  /** The API with the cost of a request in its answers, for the APIs whose clients can ask for it by `usage`. */
  withCost?: WithCost;
}

/** Undefined where this `usage` does not ask for it. */
export type WithCost = <Request extends ServedRequest>(
  api: ChatApi<Request>,
  usage: unknown,
  trace: Trace,
) => Promise<ChatApi<Request> | undefined>;

/** Optimisation techniques; nothing of it is used for a request that asks for none. */
export interface TechniqueDeps {
  aliases: TechniqueSettings['aliases'];
  /** Reads what a body asks for of them, and loads what that takes. Rejects with a 400 or 403. */
  read(body: Fields, caller: Caller): Promise<ReadTechniques>;
}

/** Serves one client API: reads, permits, fetches, asks the engine, and answers, whole or as a stream. */
export function serve<Request extends ServedRequest>(plainApi: ChatApi<Request>, deps: ServeDeps) {
  return async (c: Context<GatewayEnv>): Promise<Response> => {
    const context = c.get('request');
    const { requestId, caller, lifetime, trace } = context;
    const { fields, bytes: bodyBytes } = await readSizedBody(c);
    const { headers } = c.req.raw;
    const costed = fields.usage ? await deps.withCost?.(plainApi, fields.usage, trace) : undefined;
    const api = costed ?? plainApi;
    const given = withHeaders(headerParameters(headers), fields);
    const techniques = mayAsk(given, deps.techniques.aliases)
      ? await deps.techniques.read(given, caller)
      : undefined;
    const body = techniques?.body ?? given;
    const begun = api.begin(body, headers);
    const { asked, stream, spell } = begun;
    trace.note({ api: api.name, stream, modelAsked: asked.model });
    return inClientWords(spell, async () => {
      // Nothing is fetched, decrypted or unpacked for a caller who may not call the model.
      const plan = await deps.engine.permit(asked, context);
      const { urls, read } = (await begun.load?.()) ?? begun;
      const fetched = urls.length > 0 ? await deps.fetchMedia(urls, caller, lifetime.signal) : new Map();
      const request = read({ stateKey: c.get('stateKey')(), fetched, bodyBytes });
      deps.contentLog?.info('prompt', { requestId, body });
      const served: Served<Request> = {
        c,
        api,
        deps,
        asked,
        request,
        plan,
        spell,
        stream,
        bodyBytes,
        fetched,
      };
      return techniques ? techniques.serve(served, plain) : plain(served);
    });
  };
}

function plain<Request extends ServedRequest>(served: Served<Request>): Promise<Response> {
  return served.stream ? streamed(served) : whole(served);
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
  stream: boolean;
  /** Of the client's body. */
  bodyBytes: number;
  fetched: ReadonlyMap<string, FetchedMedia>;
}

async function whole<Request extends ServedRequest>(served: Served<Request>): Promise<Response> {
  const { c, api, deps, request, plan, spell } = served;
  const context = c.get('request');
  const createdAt = deps.now();
  const outcomes = await Promise.all(
    contexts(context, request.n).map((each, i) =>
      deps.engine.answer(request.models?.[i] ?? request.model, plan, each),
    ),
  );
  // At least one is wanted.
  const first = outcomes[0]!;
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
    contexts({ ...context, onWait: waiting.resolve }, request.n).map((each, i) =>
      deps.engine.stream(request.models?.[i] ?? request.model, plan, each),
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
  context.trace.gate?.expect(n);
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
