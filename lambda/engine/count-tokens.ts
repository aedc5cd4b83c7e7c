import type { MeteredCount } from '../accounting/metered-embed.ts';
import type { Counted } from '../backends/count-tokens.ts';
import type { CallBudget } from '../bounds.ts';
import { estimateInputTokens } from '../canonical/input-tokens/estimate.ts';
import type { NativeRequest } from '../canonical/native.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { type GatewayError, toGatewayError } from '../errors.ts';
import type { Learned } from '../models/learned.ts';
import { baseModelId, parseArn } from '../models/names/model-id.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import { withDeadline } from '../policy/deadline.ts';
import { calledAs, isShared } from './called-as.ts';
import { countedBody, countedConversation } from './counted-body.ts';
import { rulesOf } from './lane.ts';
import { permit } from './permit.ts';
import { type Plan, type PlanDeps, targetOf } from './plan.ts';
import type { Rules } from './prepare.ts';
import type { Asked, RequestContext } from './types.ts';

export interface CountedTokens {
  tokens: number;
  /** Bedrock has not counted them. */
  estimated: boolean;
  target: Target;
}

/** Counts the input tokens of requests: by Bedrock where it counts for the model, else by an estimate. */
export interface TokenCounter {
  /** As of `Engine`: rejects with a 403 or 404. */
  permit(asked: Asked, context: RequestContext): Promise<Plan>;
  /** Always comes to a number, unless the model does not resolve or the client has gone. */
  count(request: NativeRequest, plan: Plan, context: RequestContext): Promise<CountedTokens>;
  /** The same for a conversation in the shape in the middle. `isWhole`: nothing of it stands elsewhere. */
  countConversation(
    request: CanonicalRequest,
    isWhole: boolean,
    plan: Plan,
    context: RequestContext,
  ): Promise<CountedTokens>;
}

export interface TokenCounterDeps {
  config: PlanDeps['config'] & Pick<Config, 'guardrail' | 'promptCaching' | 'nativeOpenAi'>;
  resolver: Pick<Resolver, 'resolve'>;
  count: MeteredCount;
  /** Of this alone: its keys are models of regions. */
  learned: Learned;
  clock: Clock;
  /** Milliseconds for Bedrock to count. */
  countMs?: number | undefined;
}

/** It takes a few hundred; Claude Code asks 24 times at once before it shows anything, and an estimate is there at once. */
const defaultCountMs = 2000;

export function createTokenCounter(deps: TokenCounterDeps): TokenCounter {
  return {
    permit: (asked, context) => permit(deps, asked, context),
    async count(request, plan, context) {
      const target = await firstTarget(deps, plan, context);
      const bodyFor = async (rules: Rules) => {
        const invokeModel = countedBody(request, target, rules);
        return invokeModel && { invokeModel };
      };
      const counted = await countAt(deps, bodyFor, target, context);
      return counted ?? estimated(request.body, target);
    },
    async countConversation(request, isWhole, plan, context) {
      const target = await firstTarget(deps, plan, context);
      const bodyFor = async (rules: Rules) => {
        const converse = isWhole ? await countedConversation(request, target, rules) : undefined;
        return converse && { converse };
      };
      const counted = await countAt(deps, bodyFor, target, context);
      return counted ?? estimated(request.converse, target);
    },
  };
}

const estimated = (body: object, target: Target): CountedTokens => ({
  tokens: estimateInputTokens(body, target.capabilities.tokenizer ?? 'other'),
  estimated: true,
  target,
});

/** Who would answer: the model asked for, else the first of its fallbacks that there is. */
async function firstTarget(
  deps: TokenCounterDeps,
  { steps }: Plan,
  context: RequestContext,
): Promise<Target> {
  let failure: unknown;
  for (const step of steps) {
    try {
      return await targetOf(deps, context.caller, step);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** Undefined where Bedrock does not count for the model, would take too long, or refuses. */
async function countAt(
  deps: TokenCounterDeps,
  bodyFor: (rules: Rules) => Promise<Counted | undefined>,
  target: Target,
  context: RequestContext,
): Promise<CountedTokens | undefined> {
  const { caller, calls, lifetime } = context;
  const modelId = countable(target, deps.learned);
  const body = modelId && (await bodyFor(rulesOf(deps.config, caller.principal)));
  if (!modelId || !body) return undefined;
  const until = Math.min(lifetime.deadline, deps.clock.now() + (deps.countMs ?? defaultCountMs));
  const deadline = withDeadline(lifetime.signal, until, deps.clock.now);
  try {
    const call = {
      target,
      modelId,
      counted: body,
      signal: deadline.signal,
      ...calledAs(context),
    };
    return { tokens: await counted(deps, call, calls), estimated: false, target };
  } catch (error) {
    lifetime.signal.throwIfAborted();
    if (isShared(caller) && isLasting(toGatewayError(error)))
      deps.learned.add(keyOf(target, modelId), { countsTokens: false });
    return undefined;
  } finally {
    deadline.clear();
  }
}

async function counted(
  { count }: TokenCounterDeps,
  call: Parameters<MeteredCount>[0],
  calls: CallBudget,
): Promise<number> {
  calls.take();
  return count(call);
}

/** CountTokens takes the ids of foundation models, also of those that can be called by a profile alone. */
function countable(target: Target, learned: Learned): string | undefined {
  if (!target.capabilities.countsTokens) return undefined;
  const shown = target.underlying ?? (parseArn(target.id) ? undefined : target.id);
  if (shown === undefined) return undefined;
  const modelId = baseModelId(shown);
  return learned.of(keyOf(target, modelId)).countsTokens === false ? undefined : modelId;
}

const keyOf = ({ region }: Target, modelId: string) => `${region} ${modelId}`;

/**
 * What lasts: the model is not counted for, is not there, or the gateway may not ask. It is the whole text of the
 * answer, so it is no word of the client's. Everything else may be this request's own fault, or passing.
 */
function isLasting({ reason, upstream }: GatewayError): boolean {
  if (reason === 'access_denied' || reason === 'model_not_found') return true;
  return /^The provided model doesn.t support counting tokens\.?$/.test(upstream?.message ?? '');
}
