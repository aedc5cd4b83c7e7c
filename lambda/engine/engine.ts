import { isModelAllowed, modelNotAllowed } from '../auth/scope.ts';
import type { Backend } from '../backends/backend.ts';
import { finishReason } from '../canonical/finish.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseAnswer, EventBatches } from '../canonical/types.ts';
import { unfold } from '../canonical/unfold.ts';
import type { Config } from '../config.ts';
import { toApiError } from '../errors.ts';
import type { Fitted } from '../fit/types.ts';
import { capabilitiesOf } from '../models/capabilities-of.ts';
import type { Learned } from '../models/learned.ts';
import type { Resolver } from '../models/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Attempt } from '../policy/attempt.ts';
import { chainFor } from '../policy/chains.ts';
import type { Clock } from '../policy/clock.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import { type Deadline, withDeadline } from '../policy/deadline.ts';
import { type Step, withFallback } from '../policy/fallback.ts';
import { regionsFor } from '../policy/regions.ts';
import { withRetries } from '../policy/retry.ts';
import { callModel } from './call-model.ts';
import { mapBatches, oneBatch, withFirstEvent } from './first-event.ts';
import { isInScope } from './in-scope.ts';
import { prepare } from './prepare.ts';
import type { CallContext, Engine, Outcome } from './types.ts';

export interface EngineDeps {
  config: Pick<
    Config,
    | 'region'
    | 'regions'
    | 'residency'
    | 'fallbacks'
    | 'guardrail'
    | 'promptCaching'
    | 'maxAttempts'
    | 'notReadyWaitMs'
  >;
  resolver: Resolver;
  /** The way to call a model; loaded when it is first needed. */
  backend: (kind: Target['backend']) => Promise<Backend>;
  learned: Learned;
  cooldown: Cooldown;
  clock: Clock;
}

/** One model called once: what came of it. */
interface Called<T> {
  value: T;
  target: Target;
  fitted: Fitted;
  warnings: string[];
  requestId: string | undefined;
}

type Call<T> = (
  target: Target,
  fitted: Fitted,
  signal: AbortSignal,
) => Promise<{ value: T; requestId?: string }>;

/** Runs canonical requests: for each step of the fallback chain resolve → fit → call, with repair and retries. */
export function createEngine(deps: EngineDeps): Engine {
  return {
    async answer(request, context) {
      const deadline = withDeadline(context.signal, context.deadline, deps.clock.now);
      try {
        const called = await run(deps, request, context, deadline, sendTo(deps, context), isFiltered);
        return { ...called.outcome, answer: called.value };
      } finally {
        deadline.clear();
      }
    },
    async stream(request, context) {
      const deadline = withDeadline(context.signal, context.deadline, deps.clock.now);
      try {
        const { outcome, value } = await run(deps, request, context, deadline, streamFrom(deps, context));
        return { ...outcome, events: mapBatches(value, (batch) => batch, deadline.clear) };
      } catch (error) {
        deadline.clear();
        throw error;
      }
    },
  };
}

function sendTo(deps: EngineDeps, { credentials }: CallContext): Call<ConverseAnswer> {
  return async (target, { request, restore }, signal) => {
    const backend = await deps.backend(target.backend);
    const { answer, requestId } = await backend.send({ target, request, signal, credentials });
    return { value: restore.answer(answer), requestId };
  };
}

function streamFrom(deps: EngineDeps, { credentials }: CallContext): Call<EventBatches> {
  return async (target, { request, restore, streamable }, signal) => {
    const backend = await deps.backend(target.backend);
    const call = { target, request, signal, credentials };
    if (!streamable) {
      const { answer, requestId } = await backend.send(call);
      return { value: oneBatch(unfold(restore.answer(answer))), requestId };
    }
    const { events, requestId } = await backend.stream(call);
    return { value: mapBatches(await withFirstEvent(events), restore.events(), () => {}), requestId };
  };
}

const isFiltered = (answer: ConverseAnswer) => finishReason(answer.stopReason, false) === 'content_filter';

async function run<T>(
  deps: EngineDeps,
  request: CanonicalRequest,
  context: CallContext,
  deadline: Deadline,
  call: Call<T>,
  filtered?: (value: T) => boolean,
): Promise<{ outcome: Outcome; value: T }> {
  const { config, cooldown } = deps;
  const attempts: Attempt[] = [];
  const { steps, refused } = await plan(deps, request.model, context);
  const called = await withFallback(
    steps,
    (step) => attemptStep(deps, request, context, deadline, step, call),
    {
      onContextOverflow: config.fallbacks.onContextOverflow,
      onContentFilter: config.fallbacks.onContentFilter && filtered !== undefined,
      ...(filtered && { isFiltered: ({ value }: Called<T>) => filtered(value) }),
      // A caller's own quotas and rights say nothing about the gateway's.
      ...(!context.credentials && { cooldown }),
      attempts,
    },
  ).finally(() => {
    context.record.attempts = attempts.length;
  });
  const { target, fitted, warnings, requestId, value } = called;
  const outOfScope = refused.map((model) => `the key may not fall back to ${model}`);
  const outcome: Outcome = {
    model: target.reportAs,
    modelId: target.id,
    attempts,
    warnings: [...target.warnings, ...warnings, ...fitted.warnings, ...outOfScope],
    ignored: fitted.ignored,
    requestId,
  };
  return { outcome, value };
}

/** A step resolves its model when it is tried: a fallback that is not needed costs no look-up. */
interface PlannedStep extends Step {
  /** The first step's, which had to be resolved to know its regions. */
  resolved?: Target;
}

async function plan(deps: EngineDeps, model: string, context: CallContext) {
  const { config, resolver } = deps;
  const region = context.region ?? config.region;
  const first = await resolver.resolve(model, { region }).catch((error: unknown) => toApiError(error));
  const target = first instanceof Error ? undefined : first;
  const { models, refused } = chainFor({
    names: [model, ...(target ? [target.id, ...(target.underlying ? [target.underlying] : [])] : [])],
    requested: context.fallbacks,
    settings: config.fallbacks,
    allowed: (name) => isModelAllowed(context.principal, name),
  });
  // With nothing to fall back to, the reason why the name did not resolve is the answer.
  if (first instanceof Error && models.length === 1) throw first;
  const steps = models.flatMap((name): PlannedStep[] => {
    const own = name === model ? target : undefined;
    const places = context.region ? [region] : regionsFor(own ?? { id: name, region }, config);
    const { contextTokens } = own?.capabilities ?? capabilitiesOf(name);
    return places.map((place) => ({
      model: name,
      region: place,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(own && place === own.region && { resolved: own }),
    }));
  });
  return { steps, refused };
}

async function attemptStep<T>(
  deps: EngineDeps,
  request: CanonicalRequest,
  context: CallContext,
  deadline: Deadline,
  step: PlannedStep,
  call: Call<T>,
): Promise<Called<T>> {
  const { config, clock, resolver } = deps;
  const target = step.resolved ?? (await resolver.resolve(step.model, { region: step.region }));
  if (!isInScope(context.principal, target)) throw modelNotAllowed(target.asked);
  const prepared = prepare(request, target, {
    principal: context.principal,
    guardrail: config.guardrail,
    promptCaching: config.promptCaching,
  });
  const attempt = () => callModel(deps, target, prepared, (to, fitted) => call(to, fitted, deadline.signal));
  return withRetries(attempt, {
    clock,
    maxAttempts: config.maxAttempts,
    deadline: context.deadline,
    notReadyWaitMs: config.notReadyWaitMs,
    signal: deadline.signal,
    onRetry(error) {
      context.record.retries = (context.record.retries ?? 0) + 1;
      if (error.reason === 'not_ready') context.onWait?.();
    },
  });
}
