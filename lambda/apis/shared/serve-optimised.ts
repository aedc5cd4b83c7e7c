import { bounds } from '../../bounds.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Caller } from '../../engine/types.ts';
import { badRequest } from '../../errors.ts';
import { settlesWithin } from '../../settles-within.ts';
import { admit } from '../../techniques/admit.ts';
import { type OptimiseOptions, optimise, optimiseStream } from '../../techniques/optimise.ts';
import { type Selection, select, type TechniqueSettings } from '../../techniques/select.ts';
import type { Services } from '../../techniques/types.ts';
import { sseResponse } from '../../web/sse-response.ts';
import type { ServedRequest } from '../api.ts';
import { gatewayHeaders } from './gateway-headers.ts';
import type { Served } from './serve.ts';
import { spelledNotes } from './spelling.ts';
import { streamAnswer } from './stream-answer.ts';

const optimisationHeader = 'x-gateway-optimisation';

/** What reading, selecting and running techniques takes. */
export interface TechniqueParts {
  settings: TechniqueSettings;
  /** Whether the account has a model of this name that the caller may use. */
  isListed(name: string, caller: Caller): Promise<boolean>;
  /** 0 ≤ x < 1. */
  random: () => number;
  services(caller: Caller): Services;
}

/** What a body asks for of techniques. */
export interface ReadTechniques {
  /** Without all that asks for one. */
  body: Record<string, unknown>;
  /** Serves the request, by itself or, where nothing is asked for or everything stands aside, as a plain one. */
  serve<Request extends ServedRequest>(served: Served<Request>, plain: Plain<Request>): Promise<Response>;
}

type Plain<Request extends ServedRequest> = (served: Served<Request>) => Promise<Response>;

/** Reads a body that may ask for techniques. Rejects with a 400 or 403 that names what is at fault. */
export async function readTechniques(
  given: Readonly<Record<string, unknown>>,
  caller: Caller,
  parts: TechniqueParts,
): Promise<ReadTechniques> {
  const { body, selection, ignored } = await select(given, {
    settings: parts.settings,
    principal: caller.principal,
    isListed: (name) => parts.isListed(name, caller),
  });
  return {
    body,
    async serve(served, plain) {
      const request = { ...served.request, ignored: [...served.request.ignored, ...ignored] };
      const heard = { ...served, request };
      return selection ? serveOptimised(heard, selection, parts, plain) : plain(heard);
    },
  };
}

/** Serves a request that asks for optimisation techniques. It is asked in the canonical shape alone. */
async function serveOptimised<Request extends ServedRequest>(
  served: Served<Request>,
  selection: Selection,
  { settings, random, services }: TechniqueParts,
  plain: Plain<Request>,
): Promise<Response> {
  const { c, api, deps, request, plan, stream } = served;
  const context = c.get('request');
  if (request.models)
    throw badRequest('An optimisation technique answers one prompt: send each in a request of its own.');
  const client = request.model.canonical();
  const admitted = admit(selection, client, request.n, api.oneAnswer ? 1 : undefined);
  const { technique, choices, warnings } = admitted;
  if (technique === 'none' && request.model.native && 'body' in request.model.native) {
    // Everything stands aside, and the client's own body can go out as it is. A chat is asked in the canonical shape all
    // the same: its answer has a place for what stands aside, and why.
    const response = await plain({
      ...served,
      request: { ...request, warnings: [...request.warnings, ...warnings] },
    });
    response.headers.set(optimisationHeader, technique);
    return response;
  }
  if (request.model.lane === 'native')
    throw badRequest(
      'A request with an optimisation technique cannot be sent as it is: leave the header `x-gateway-path` out.',
    );
  context.trace.gate?.expect(admitted.calls);
  const options: OptimiseOptions = {
    admitted,
    client,
    engine: deps.engine,
    context,
    plan,
    plans: await plansOf(served, selection),
    settings,
    mostAtOnce: mostAtOnce(served),
    now: deps.now,
    random,
    services: services(context.caller),
    onUnexpected: (error) => deps.onUnexpected(error, context.requestId),
    log: deps.contentLog && ((message, facts) => deps.contentLog?.info(message, facts)),
  };
  // The answers are as many as the expression has branches.
  const asMany = { ...served, request: { ...request, n: choices } };
  return stream ? streamed(asMany, options) : whole(asMany, options);
}

/** Each call sends about what the client has sent, and what was fetched for it. */
function mostAtOnce<Request extends ServedRequest>({ bodyBytes, fetched }: Served<Request>): number {
  const bytes = [...fetched.values()].reduce((sum, { bytes: { length } }) => sum + length, bodyBytes);
  return Math.max(1, Math.floor(bounds.upstreamBytes / Math.max(1, bytes)));
}

/** The models of roles, before anything is called: the key's scope holds for each. */
async function plansOf<Request extends ServedRequest>(
  { c, deps }: Served<Request>,
  { models }: Selection,
): Promise<Map<string, Plan>> {
  const names = [...new Set([...models.values()].flat())];
  const plans = await Promise.all(names.map((model) => deps.engine.permit({ model }, c.get('request'))));
  return new Map(names.map((name, i) => [name, plans[i] as Plan]));
}

async function whole<Request extends ServedRequest>(
  { c, api, deps, request, spell }: Served<Request>,
  options: OptimiseOptions,
): Promise<Response> {
  const { requestId } = c.get('request');
  const createdAt = deps.now();
  const { outcome, answers, warnings } = await optimise(options);
  for (const { output } of answers) deps.contentLog?.info('answer', { requestId, answer: output.message });
  const head = { requestId, createdAt, now: deps.now, model: outcome.model };
  const { ignored } = request;
  const read = { ignored, warnings: [...request.warnings, ...(api.warnings?.(answers) ?? [])] };
  const notes = spelledNotes({ ...outcome, warnings: [...warnings, ...outcome.warnings] }, spell);
  return c.json(api.answer(answers, head, request), 200, {
    ...gatewayHeaders(notes, read),
    [optimisationHeader]: options.admitted.technique,
  });
}

async function streamed<Request extends ServedRequest>(
  { c, api, deps, asked, request, spell }: Served<Request>,
  options: OptimiseOptions,
): Promise<Response> {
  const context = c.get('request');
  const { requestId, trace } = context;
  const createdAt = deps.now();
  const waiting = Promise.withResolvers<void>();
  const opening = optimiseStream(
    { ...options, context: { ...context, onWait: waiting.resolve } },
    api.progressAsReasoning === true,
  );
  const ready = Promise.race([opening, waiting.promise]);
  const opened = (await settlesWithin(deps.heartbeatMs, ready)) ? await ready : undefined;
  const end = c.get('keepOpen')();
  const events = streamAnswer({
    opened: opening.then(({ choices, progress, outcome }) => ({
      choices: choices.map((each) => ({ events: each })),
      progress,
      model: outcome?.model ?? asked.model,
    })),
    spell,
    encoder: api.encoder({ requestId, createdAt, now: deps.now }, request),
    onError(error) {
      trace.fail(error);
      if (error.reason === 'internal') deps.onUnexpected(error, requestId);
    },
  });
  const { outcome, warnings = options.admitted.warnings } = opened ?? {};
  const read = { ...request, warnings: [...request.warnings, ...warnings] };
  return sseResponse(events, {
    headers: {
      ...gatewayHeaders(outcome ? spelledNotes(outcome, spell) : {}, read),
      [optimisationHeader]: options.admitted.technique,
    },
    heartbeat: () => events.heartbeat(),
    heartbeatMs: deps.heartbeatMs,
    overdue: opened === undefined,
    onEnd: end,
  });
}
