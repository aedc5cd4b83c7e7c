import type { MeteredBackend, MeteredNativeBackend } from '../accounting/meter.ts';
import type { NativeApi } from '../canonical/native.ts';
import type { Config } from '../config.ts';
import type { GatewayError } from '../errors.ts';
import { note } from '../fields.ts';
import type { AnyFitted, Fitted } from '../fit/types.ts';
import type { Learned } from '../models/learned.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import type { Deadline } from '../policy/deadline.ts';
import { isShared } from './called-as.ts';
import { assertInScope } from './in-scope.ts';
import { type Fitting, fittingFor, rulesOf } from './lane.ts';
import { capabilitiesFor, type ModelCall, maxRepairs, startCall } from './model-call.ts';
import { type Plan, type PlanDeps, type PlannedStep, targetOf } from './plan.ts';
import { callUntilAnswered, runSteps } from './sequence.ts';
import type { ModelRequest, Outcome, RequestContext } from './types.ts';

export interface EngineDeps {
  config: PlanDeps['config'] &
    Pick<Config, 'guardrail' | 'promptCaching' | 'nativeOpenAi' | 'maxAttempts' | 'notReadyWaitMs'>;
  resolver: Resolver;
  /** The way to call a model; loaded when it is first needed. */
  backend: (kind: BackendKind) => Promise<MeteredBackend>;
  /** The same for a model that is asked in a client's own API. */
  nativeBackend: (api: NativeApi) => Promise<MeteredNativeBackend>;
  learned: Learned;
  cooldown: Cooldown;
  clock: Clock;
}

/** The target's own, or the one that its request is translated for. */
export type BackendKind = Target['backend'] | NonNullable<Fitted['backend']>;

/** One request on its way. */
export interface Run<T> {
  deps: EngineDeps;
  request: ModelRequest;
  plan: Plan;
  context: RequestContext;
  deadline: Deadline;
  /** Makes one call to Bedrock. */
  send: Send<T>;
  /** Whether the answer was withheld by a content filter; absent where that cannot be known in time. */
  isFiltered?: (value: T) => boolean;
}

export interface Sent {
  target: Target;
  fitted: AnyFitted;
  signal: AbortSignal;
  /** Whether it repeats a call to the same model. */
  repeated: boolean;
}
export type Send<T> = (sent: Sent) => Promise<T>;

/** One model that has answered. */
interface Answered<T> {
  value: T;
  call: ModelCall;
  fitted: AnyFitted;
}

/** One request through the steps of its plan: at each of them resolve → lane → fit → call, with repairs and retries. */
export async function run<T>(running: Run<T>): Promise<{ outcome: Outcome; value: T }> {
  const { deps, plan, context, isFiltered } = running;
  const { trace, caller } = context;
  const { onContextOverflow, onContentFilter } = deps.config.fallbacks;
  const answered = await runSteps(plan.steps, (step, next) => attemptStep(running, step, next), {
    onContextOverflow,
    isFiltered: onContentFilter && isFiltered ? ({ value }: Answered<T>) => isFiltered(value) : undefined,
    // A caller's own quotas and rights say nothing about the gateway's.
    cooldown: caller.credentials ? undefined : deps.cooldown,
    results: trace.steps,
  });
  const { value, call, fitted } = answered;
  const { target } = call;
  trace.note({ modelUsed: target.id, region: target.region });
  const outOfScope = plan.refused.map((model) => note`the key may not fall back to ${model}`);
  const outcome: Outcome = {
    model: target.reportAs,
    modelId: target.id,
    steps: trace.steps,
    warnings: [...target.warnings, ...call.warnings, ...fitted.warnings, ...outOfScope],
    ignored: fitted.ignored,
  };
  return { outcome, value };
}

async function attemptStep<T>(
  running: Run<T>,
  step: PlannedStep,
  next: PlannedStep | undefined,
): Promise<Answered<T>> {
  const { deps, context, deadline, send } = running;
  const { config, clock, learned } = deps;
  const { caller, lifetime, calls, onWait } = context;
  const target = await targetOf(deps, caller, step);
  const fitting = fittingFor(running.request, target, rulesOf(config, caller.principal));
  const call = startCall(target);
  let fitted = await fitting.fit(capabilitiesFor(call, learned));
  const answer = async (before: number) => {
    if (before > 0) fitted = await fitting.fit(capabilitiesFor(call, learned));
    // Here, where every call passes: a refusal may have led to a profile that was not the one resolved.
    assertInScope(caller.principal, call.target);
    return send({ target: call.target, fitted, signal: deadline.signal, repeated: before > 0 });
  };
  const value = await callUntilAnswered(answer, {
    clock,
    calls,
    onWait,
    maxAttempts: config.maxAttempts,
    deadline: lifetime.deadline,
    notReadyWaitMs: config.notReadyWaitMs,
    hasAlternative: next?.model === step.model,
    signal: deadline.signal,
    repair: (error) => repaired(deps, context, call, { fitting, fitted, error }),
  });
  // What helped is remembered for the model; what another account is refused is not known of ours.
  if (!caller.credentials && call.lessons.length > 0) {
    const { teach } = await import('./teachings.ts');
    await teach(call, running.request, target.asked, caller.principal, learned);
  }
  return { value, call, fitted };
}

interface Refused {
  fitting: Fitting;
  /** As it was sent. */
  fitted: AnyFitted;
  error: GatewayError;
}

/**
 * Changes `call` so that its next try is another request: without, or in another form than, what was refused, or to the
 * profile that the model wants to be called through. False: there is none to try.
 */
async function repaired(
  { config, resolver, learned }: EngineDeps,
  { caller }: RequestContext,
  call: ModelCall,
  { fitting, fitted, error }: Refused,
): Promise<boolean> {
  if (call.repairs >= Math.min(maxRepairs, config.maxAttempts - 1)) return false;
  const { lessonOf } = await import('./repairs/lesson.ts');
  const capabilities = capabilitiesFor(call, learned);
  const lesson = await lessonOf(error, call, { fitting, fitted, capabilities });
  if (lesson) {
    call.lessons.push(lesson);
    call.warnings.push(lesson.warning);
  } else {
    const target = await resolver.afterRefusal(call.target, error, { remember: isShared(caller) });
    if (!target) return false;
    call.target = target;
  }
  call.repairs += 1;
  return true;
}
