import { bounds } from '../../bounds.ts';
import type { Plan } from '../../engine/plan.ts';
import { badRequest } from '../../errors.ts';
import { settlesWithin } from '../../settles-within.ts';
import { admit } from '../../techniques/admit.ts';
import { type OptimiseOptions, optimise, optimiseStream } from '../../techniques/optimise.ts';
import type { Selection } from '../../techniques/select.ts';
import { sseResponse } from '../../web/sse-response.ts';
import type { ServedRequest } from '../api.ts';
import { gatewayHeaders } from './gateway-headers.ts';
import type { Served } from './serve.ts';
import { spelledNotes } from './spelling.ts';
import { streamAnswer } from './stream-answer.ts';

export const optimisationHeader = 'x-gateway-optimisation';

/** What happens to a request that asks for techniques: it is served, or everything stands aside and it is a plain one. */
export type Optimised = { response: Response } | { warnings: string[] };

/** Serves a request that asks for optimisation techniques. It is asked in the canonical shape alone. */
export async function serveOptimised<Request extends ServedRequest>(
  served: Served<Request>,
  selection: Selection,
  stream: boolean,
  bodyBytes: number,
): Promise<Optimised> {
  const { c, api, deps, request, plan } = served;
  const context = c.get('request');
  const client = request.model.canonical();
  const admitted = admit(selection, client, request.n, api.oneAnswer ? 1 : undefined);
  const { technique, choices, warnings } = admitted;
  if (technique === 'none' && request.model.native) return { warnings };
  if (request.model.lane === 'native')
    throw badRequest(
      'A request with an optimisation technique cannot be sent as it is: leave the header `x-gateway-path` out.',
    );
  const plans = await plansOf(served, selection);
  const options: OptimiseOptions = {
    admitted,
    client,
    engine: deps.engine,
    context,
    plan,
    plans,
    settings: deps.techniques.settings,
    mostAtOnce: Math.max(1, Math.floor(bounds.upstreamBytes / Math.max(1, bodyBytes))),
    now: deps.now,
    random: deps.techniques.random,
    services: deps.techniques.services(context.caller),
    onUnexpected: (error) => deps.onUnexpected(error, context.requestId),
    log: deps.contentLog && ((message, facts) => deps.contentLog?.info(message, facts)),
  };
  // The answers are as many as the expression has branches.
  const asMany = { ...served, request: { ...request, n: choices } };
  return { response: await (stream ? streamed(asMany, options) : whole(asMany, options)) };
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
  const { outcome, answers, warnings } = await optimise(options);
  for (const { output } of answers) deps.contentLog?.info('answer', { requestId, answer: output.message });
  const head = { requestId, createdAt: deps.now(), model: outcome.model };
  const notes = spelledNotes({ ...outcome, warnings: [...warnings, ...outcome.warnings] }, spell);
  return c.json(api.answer(answers, head, request), 200, {
    ...gatewayHeaders(notes, request),
    [optimisationHeader]: options.admitted.technique,
  });
}

async function streamed<Request extends ServedRequest>(
  { c, api, deps, asked, request, spell }: Served<Request>,
  options: OptimiseOptions,
): Promise<Response> {
  const context = c.get('request');
  const { requestId, trace } = context;
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
    encoder: api.encoder({ requestId, createdAt: deps.now() }, request),
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
