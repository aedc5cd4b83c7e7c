import type { Backend } from '../backends/backend.ts';
import { CallBudget } from '../bounds.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import type { Note } from '../fields.ts';
import type { Fitted } from '../fit/types.ts';
import type { Learned } from '../models/learned.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Attempt } from '../policy/attempt.ts';
import type { Clock } from '../policy/clock.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import type { Deadline } from '../policy/deadline.ts';
import { withFallback } from '../policy/fallback.ts';
import { withRetries } from '../policy/retry.ts';
import { callModel } from './call-model.ts';
import { assertInScope, resolveFor } from './in-scope.ts';
import { startCall } from './model-call.ts';
import { permit } from './permit.ts';
import type { PlannedStep } from './plan.ts';
import { prepare } from './prepare.ts';
import type { CallContext, Outcome } from './types.ts';

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

/** One client call on its way. */
export interface Run<T> {
  deps: EngineDeps;
  request: CanonicalRequest;
  context: CallContext;
  deadline: Deadline;
  /** Makes one call to Bedrock. */
  call: Call<T>;
  /** Whether the answer was withheld by a content filter; absent where that cannot be known in time. */
  filtered?: (value: T) => boolean;
}

export type Call<T> = (
  target: Target,
  fitted: Fitted,
  signal: AbortSignal,
) => Promise<{ value: T; requestId?: string }>;

/** One model called once: what came of it. */
interface Called<T> {
  value: T;
  target: Target;
  fitted: Fitted;
  warnings: Note[];
  requestId: string | undefined;
}

/** One client call through the fallback chain: for each step resolve → fit → call, with repair and retries. */
export async function run<T>(running: Run<T>): Promise<{ outcome: Outcome; value: T }> {
  const { deps, request, context, filtered } = running;
  const { fallbacks } = deps.config;
  const attempts: Attempt[] = [];
  const planned = context.plan?.asked === request.model ? context.plan : undefined;
  const { steps, refused } = planned ?? (await permit(deps, request.model, context));
  const called = await withFallback(steps, (step, next) => attemptStep(running, step, next), {
    onContextOverflow: fallbacks.onContextOverflow,
    onContentFilter: fallbacks.onContentFilter && filtered !== undefined,
    ...(filtered && { isFiltered: ({ value }: Called<T>) => filtered(value) }),
    // A caller's own quotas and rights say nothing about the gateway's.
    ...(!context.credentials && { cooldown: deps.cooldown }),
    attempts,
  }).finally(() => {
    context.record.attempts = attempts.length;
  });
  const { target, fitted, warnings, requestId, value } = called;
  // Now, because a stream may fail before it can tell.
  Object.assign(context.record, {
    modelUsed: target.id,
    region: target.region,
    ...(requestId && { upstreamRequestId: requestId }),
  });
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

async function attemptStep<T>(
  { deps, request, context, deadline, call }: Run<T>,
  step: PlannedStep,
  next: PlannedStep | undefined,
): Promise<Called<T>> {
  const { config, clock, resolver } = deps;
  const { principal } = context;
  const resolved =
    step.resolved ?? (await resolveFor(resolver, principal, step.model, { region: step.region }));
  const target = step.label === undefined ? resolved : { ...resolved, asked: step.label };
  const prepared = prepare(request, target, {
    principal,
    guardrail: config.guardrail,
    promptCaching: config.promptCaching,
  });
  const countRepeated = () => {
    context.record.retries = (context.record.retries ?? 0) + 1;
  };
  context.calls ??= new CallBudget();
  const { calls } = context;
  // Here, where every call passes: a refusal may have led to a profile that was not the one resolved.
  const send = async (to: Target, fitted: Fitted) => {
    assertInScope(principal, to);
    calls.take();
    return call(to, fitted, deadline.signal);
  };
  const mayRepeat = () => !calls.isEmpty;
  const tried = startCall(target);
  const mayTeach = context.credentials === undefined;
  const forModel = { ...deps, mayTeach, mayRepeat, onRepair: countRepeated };
  return withRetries(() => callModel(forModel, tried, prepared, send), {
    mayRepeat,
    clock,
    maxAttempts: config.maxAttempts,
    deadline: context.deadline,
    notReadyWaitMs: config.notReadyWaitMs,
    impatient: next?.model === step.model,
    signal: deadline.signal,
    onRetry(error) {
      countRepeated();
      if (error.reason === 'not_ready') context.onWait?.();
    },
  });
}
