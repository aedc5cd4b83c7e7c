import type { MeteredAssess, MeteredRank } from '../accounting/metered-embed.ts';
import { searchUnits } from '../aws/search-units.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { badRequest } from '../errors.ts';
import { field, type Note } from '../fields.ts';
import type { Rank } from '../models/rerank/contract.ts';
import { rerankFamilies, rerankFamilyOfTarget, rerankModelNamed } from '../models/rerank/families.ts';
import { findAlias } from '../models/resolve/aliases.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import type { Deadline } from '../policy/deadline.ts';
import { calledAs } from './called-as.ts';
import { type Guard, type Guarding, guardIgnored, guardOf, passedBy } from './guard.ts';
import { type Guarded, guardedTexts, guardrailRegion, type Passed } from './guarded-texts.ts';
import { assertInScope } from './in-scope.ts';
import { deadlineOf, inTime } from './in-time.ts';
import { placesFor } from './model-places.ts';
import { permit } from './permit.ts';
import { type Plan, type PlannedStep, targetOf } from './plan.ts';
import { callUntilAnswered, runSteps } from './sequence.ts';
import type { Asked, Outcome, RequestContext } from './types.ts';

export interface RerankRequest {
  query: string;
  /** One or more, none of them empty. */
  documents: readonly string[];
  /** From 1 to the number of documents. */
  topN: number;
  maxTokensPerDoc?: number | undefined;
  /** Of the client's own, which counts where none is enforced. */
  guardrail?: GuardrailConfig | undefined;
}

export interface Ranking {
  /** The best first. */
  ranks: readonly Rank[];
  /** What the search is billed by. */
  searchUnits: number;
}

/** Runs one request to rank documents: resolve → region → enforced guardrail → policy → backend. */
export interface RerankEngine {
  /** To be called before any work is done for the request: rejects with a 403 or 404 as the chat's `permit` does. */
  permit(asked: Asked, context: RequestContext): Promise<Plan>;
  rerank(request: RerankRequest, plan: Plan, context: RequestContext): Promise<Outcome & Ranking>;
}

export interface RerankDeps {
  config: Pick<
    Config,
    | 'region'
    | 'regions'
    | 'areRegionsNamed'
    | 'residency'
    | 'fallbacks'
    | 'aliases'
    | 'guardrail'
    | 'maxAttempts'
    | 'notReadyWaitMs'
  >;
  resolver: Pick<Resolver, 'resolve' | 'afterRefusal'>;
  rank: MeteredRank;
  assess: MeteredAssess;
  cooldown: Cooldown;
  clock: Clock;
}

export function createRerankEngine(deps: RerankDeps): RerankEngine {
  // Scores of another model cannot be compared with those a client has: only a chain of the model's own counts.
  const fallbacks = { ...deps.config.fallbacks, default: [] };
  return {
    async permit({ model: asked, ...more }, context) {
      const isOwnName = findAlias(deps.config.aliases, asked) !== undefined;
      const model = (isOwnName ? undefined : rerankModelNamed(asked)) ?? asked;
      const deadline = deadlineOf(context, deps);
      try {
        const looking = inTime(deps, deadline);
        const config = {
          ...deps.config,
          ...(await placesFor(looking, model, context, rerankFamilyOfTarget)),
          fallbacks,
        };
        return await permit({ ...looking, config }, { model, ...more }, context);
      } finally {
        deadline.clear();
      }
    },
    async rerank(request, plan, context) {
      const { trace, caller } = context;
      const deadline = deadlineOf(context, deps);
      const running: Run = { deps: inTime(deps, deadline), request, context, deadline };
      try {
        return await runSteps(plan.steps, (step, next) => rankAt(running, step, next), {
          onContextOverflow: fallbacks.onContextOverflow,
          cooldown: caller.credentials ? undefined : deps.cooldown,
          results: trace.steps,
        });
      } finally {
        deadline.clear();
      }
    },
  };
}

interface Run extends Guarding<Passed> {
  readonly deps: RerankDeps;
  readonly request: RerankRequest;
  readonly context: RequestContext;
  readonly deadline: Deadline;
}

async function rankAt(
  running: Run,
  step: PlannedStep,
  next: PlannedStep | undefined,
): Promise<Outcome & Ranking> {
  const { deps, request, context, deadline } = running;
  const { caller, lifetime, trace, calls } = context;
  const { principal } = caller;
  const target = await targetOf(deps, caller, step);
  const family = rerankFamilyOfTarget(target);
  if (!family) throw notARerankModel(target);
  const guard = guardOf({ principal, config: deps.config, asked: request.guardrail, target });
  const { texts, warnings } = await passedBy(running, guard, async () => ({
    guard,
    ...(await guarded(running, guard, target)),
  }));
  const [query = '', ...documents] = texts;
  const { maxTokensPerDoc } = request;
  const cuts = maxTokensPerDoc !== undefined && family.cutsDocuments;
  const call = (before: number) => {
    assertInScope(principal, target);
    return deps.rank({
      target,
      format: family.format,
      query,
      documents,
      topN: request.topN,
      ...(cuts && { maxTokensPerDoc }),
      signal: deadline.signal,
      repeated: before > 0,
      ...calledAs(context),
      ...(principal.metadata && { requestMetadata: principal.metadata }),
    });
  };
  const { maxAttempts, notReadyWaitMs } = deps.config;
  const { ranks } = await callUntilAnswered(call, {
    clock: deps.clock,
    deadline: lifetime.deadline,
    maxAttempts,
    notReadyWaitMs,
    calls,
    signal: deadline.signal,
    hasAlternative: next?.model === step.model,
  });
  const units = searchUnits(documents.length);
  trace.note({ modelUsed: target.id, region: target.region, searchUnits: units });
  return {
    model: target.reportAs,
    modelId: target.id,
    steps: trace.steps,
    warnings: [...target.warnings, ...warnings],
    ignored: [
      ...(maxTokensPerDoc !== undefined && !cuts ? [field('maxTokensPerDoc')] : []),
      ...guardIgnored(guard, request.guardrail),
    ],
    ranks,
    searchUnits: units,
  };
}

/** The query and the documents, as a guardrail lets them pass. */
async function guarded(
  { deps, request, context, deadline }: Run,
  guard: Guard | undefined,
  target: Target,
): Promise<Guarded> {
  const { caller } = context;
  const texts = [request.query, ...request.documents];
  if (!guard) return { texts, warnings: [] };
  const nameOf = (index: number): Note => (index === 0 ? field('query') : field('documents', index - 1));
  // The model may be called in another region than the one that has the guardrail.
  const region = guardrailRegion(guard.guardrail, caller.region ?? deps.config.region);
  return guardedTexts(deps, { texts, nameOf }, guard, { ...target, region }, context, deadline);
}

/** The 400 for a model that ranks nothing, or of which that cannot be known. */
function notARerankModel({ asked }: Target) {
  const names = rerankFamilies.map(({ title }) => title).join(', ');
  return badRequest(
    `The model \`${asked.slice(0, 200)}\` cannot rank documents. Models that can: ${names} ` +
      '(cohere.rerank-v3-5:0, amazon.rerank-v1:0).',
    field('model'),
    'unsupported_model',
  );
}
