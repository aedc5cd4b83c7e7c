import type { MeteredAssess, MeteredEmbed } from '../accounting/metered-embed.ts';
import { estimateTokens } from '../canonical/estimate.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { field } from '../fields.ts';
import {
  checkImages,
  type EmbeddingIntent,
  type EmbedPart,
  fitEmbedding,
  notAnEmbeddingModel,
} from '../fit/embeddings.ts';
import type { Embedded, EmbedImage } from '../models/embeddings/contract.ts';
import { embeddingFamilyOfTarget } from '../models/embeddings/families.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Clock } from '../policy/clock.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import type { Deadline } from '../policy/deadline.ts';
import { callBatches, type Embedder, type EmbeddingProgress } from './embedding-batches.ts';
import { type Guarding, guardIgnored, guardOf, passedBy } from './guard.ts';
import { guardedParts, type Passed } from './guarded-texts.ts';
import { deadlineOf, inTime, permitInTime } from './in-time.ts';
import { type Plan, type PlanDeps, type PlannedStep, targetOf } from './plan.ts';
import { runSteps } from './sequence.ts';
import type { Asked, Outcome, RequestContext } from './types.ts';

export interface EmbeddingsRequest extends EmbeddingIntent {
  /** The model's name as the client wrote it. */
  model: string;
  /** One or more, none of them empty; '' only for an image without words. */
  texts: readonly string[];
  /** By the places of the texts that they are embedded with. */
  images?: ReadonlyMap<number, EmbedImage>;
  /** Of the client's own, which counts where none is enforced. */
  guardrail?: GuardrailConfig | undefined;
  /** The client sent one text, and no list of texts. */
  single?: boolean;
}

export interface Embeddings {
  /** In the order of the texts. */
  vectors: number[][];
  usage: { tokens: number; estimated: boolean };
}

/** Runs one request for embeddings: resolve → fit → enforced guardrail → batches → policy → backend. */
export interface EmbeddingsEngine {
  /** To be called before any work is done for the request: rejects with a 403 or 404 as the chat's `permit` does. */
  permit(asked: Asked, context: RequestContext): Promise<Plan>;
  embed(request: EmbeddingsRequest, plan: Plan, context: RequestContext): Promise<Outcome & Embeddings>;
}

export interface EmbeddingsDeps {
  config: PlanDeps['config'] & Pick<Config, 'guardrail' | 'maxAttempts' | 'notReadyWaitMs'>;
  /** One whose default model is DEFAULT_EMBEDDING_MODEL. */
  resolver: Pick<Resolver, 'resolve' | 'afterRefusal'>;
  embed: MeteredEmbed;
  assess: MeteredAssess;
  cooldown: Cooldown;
  clock: Clock;
}

export function createEmbeddingsEngine(deps: EmbeddingsDeps): EmbeddingsEngine {
  // Vectors of another model cannot be compared with those that are there: only a chain of the model's own counts.
  const fallbacks = { ...deps.config.fallbacks, default: [] };
  const planDeps = { ...deps, config: { ...deps.config, fallbacks } };
  return {
    permit: (asked, context) => permitInTime(planDeps, asked, context),
    async embed(request, plan, context) {
      const { trace, caller } = context;
      const deadline = deadlineOf(context, deps);
      const running: EmbeddingRun = { deps: inTime(deps, deadline), request, context, deadline };
      try {
        return await runSteps(plan.steps, (step, next) => embedAt(running, step, next), {
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

/** One request on its way. */
export interface EmbeddingRun extends Guarding<Passed> {
  readonly deps: EmbeddingsDeps;
  readonly request: EmbeddingsRequest;
  readonly context: RequestContext;
  readonly deadline: Deadline;
  /** How far the model of the step under way has come, wherever it was called. */
  progress?: EmbeddingProgress;
}

async function embedAt(
  running: EmbeddingRun,
  step: PlannedStep,
  next: PlannedStep | undefined,
): Promise<Outcome & Embeddings> {
  const { deps, request, context } = running;
  const { principal } = context.caller;
  const target = await targetOf(deps, context.caller, step);
  const family = embeddingFamilyOfTarget(target);
  if (!family) throw notAnEmbeddingModel(target);
  const embedder: Embedder = { target, family, fitted: fitEmbedding(request, family), moves: 0 };
  const parts = partsOf(request);
  checkImages(parts, family);
  const guard = guardOf({ principal, config: deps.config, asked: request.guardrail, target });
  const { texts, warnings } = await passedBy(running, guard, async () => {
    const guarded = guard && (await guardedParts(deps, parts, guard, target, context, running.deadline));
    return { guard, ...(guarded ?? { texts: request.texts, warnings: [] }) };
  });
  const embedded = await callBatches(running, { ...request, texts }, embedder, { step, next });
  context.trace.note({ modelUsed: embedder.target.id, region: embedder.target.region });
  const vectors = embedded.flatMap((part) => part.vectors);
  return {
    model: target.reportAs,
    modelId: embedder.target.id,
    steps: context.trace.steps,
    warnings: [...embedder.target.warnings, ...warnings],
    ignored: [...embedder.fitted.ignored, ...guardIgnored(guard, request.guardrail)],
    vectors: embedder.fitted.normalizeAfter ? vectors.map(unitVector) : vectors,
    usage: usageOf(embedded, texts),
  };
}

const partsOf = ({ texts, images }: EmbeddingsRequest): EmbedPart[] =>
  texts.map((text, index) => ({
    text,
    image: images?.get(index),
    name: texts.length === 1 ? field('input') : field('input', index),
  }));

function usageOf(parts: Embedded[], texts: readonly string[]): Embeddings['usage'] {
  const counts = parts.map(({ inputTokens }) => inputTokens);
  if (counts.every((count) => count !== undefined)) return { tokens: sum(counts), estimated: false };
  return { tokens: sum(texts.map(estimateTokens)), estimated: true };
}

function unitVector(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
