import { readTooLong, tooLongError } from '../backends/embed/too-long.ts';
import type { Assess } from '../backends/guardrail/apply-guardrail.ts';
import { bounds, CallBudget } from '../bounds.ts';
import { estimateTokens } from '../canonical/estimate.ts';
import type { Config } from '../config.ts';
import { toApiError } from '../errors.ts';
import { field, type Note } from '../fields.ts';
import {
  type EmbeddingIntent,
  type FittedEmbedding,
  fitEmbedding,
  notAnEmbeddingModel,
} from '../fit/embeddings.ts';
import type { Embed, Embedded } from '../models/embeddings/contract.ts';
import { type EmbeddingFamily, embeddingFamilyOfTarget } from '../models/embeddings/families.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import { withDeadline } from '../policy/deadline.ts';
import { withRetries } from '../policy/retry.ts';
import { concurrently } from './concurrently.ts';
import { guardedTexts } from './guarded-texts.ts';
import { assertInScope, resolveFor } from './in-scope.ts';
import type { CallContext, Outcome } from './types.ts';

export interface EmbeddingsRequest extends EmbeddingIntent {
  /** The model's name as the client wrote it. */
  model: string;
  /** One or more, none of them empty. */
  texts: readonly string[];
  /** The client sent one text and no list: errors speak of `input` instead of `input[0]`. */
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
  permit(model: string, context: CallContext): Promise<void>;
  embed(request: EmbeddingsRequest, context: CallContext): Promise<Outcome & Embeddings>;
}

export interface EmbeddingsDeps {
  config: Pick<Config, 'region' | 'maxAttempts' | 'notReadyWaitMs' | 'guardrail'>;
  /** One whose default model is DEFAULT_EMBEDDING_MODEL. */
  resolver: Pick<Resolver, 'resolve' | 'afterRefusal'>;
  embed: Embed;
  assess: Assess;
  clock: Clock;
}

/** Calls at once. Titan takes one text a call: a list of some hundred must neither take minutes nor eat the quota. */
const concurrency = 8;
/** Bedrock may send a call to a profile, and that to another. */
const maxTargets = 3;

export function createEmbeddingsEngine(deps: EmbeddingsDeps): EmbeddingsEngine {
  const targetOf = (model: string, { principal, region = deps.config.region }: CallContext) =>
    resolveFor(deps.resolver, principal, model, { region });
  return {
    async permit(model, context) {
      await targetOf(model, context);
    },
    async embed(request, context) {
      const target = await targetOf(request.model, context);
      const family = embeddingFamilyOfTarget(target);
      if (!family) throw notAnEmbeddingModel(target);
      const fitted = fitEmbedding(request, family);
      const guardrail = context.principal.guardrail ?? deps.config.guardrail;
      const { texts, warnings } = guardrail
        ? await guardedTexts(deps, request.texts, guardrail, target, context)
        : { texts: request.texts, warnings: [] };
      const outcome = await runAt(deps, { ...request, texts }, context, { target, family, fitted });
      return { ...outcome, warnings: [...outcome.warnings, ...warnings] };
    },
  };
}

interface Plan {
  target: Target;
  family: EmbeddingFamily;
  fitted: FittedEmbedding;
}

/** At the target, or at the profile that Bedrock wants the model to be called through. */
async function runAt(
  deps: EmbeddingsDeps,
  request: EmbeddingsRequest,
  context: CallContext,
  plan: Plan,
): Promise<Outcome & Embeddings> {
  let { target } = plan;
  for (let tried = 1; ; tried += 1) {
    assertInScope(context.principal, target);
    try {
      const parts = await callAll(deps, request, context, { ...plan, target });
      return told(parts, request.texts, { ...plan, target });
    } catch (thrown) {
      const error = toApiError(thrown);
      const mayMove = tried < Math.min(maxTargets, deps.config.maxAttempts);
      const remember = context.credentials === undefined;
      const next =
        mayMove && !context.calls?.isEmpty
          ? await deps.resolver.afterRefusal(target, error, { remember })
          : undefined;
      if (!next) throw error;
      target = next;
    }
  }
}

/** Every batch, some at a time. The first failure ends the others. */
async function callAll(
  deps: EmbeddingsDeps,
  request: EmbeddingsRequest,
  context: CallContext,
  { target, family, fitted }: Plan,
): Promise<Embedded[]> {
  const deadline = withDeadline(context.signal, context.deadline, deps.clock.now);
  const { signal } = deadline;
  const { credentials, principal, record } = context;
  const call = {
    target,
    format: family.format,
    options: fitted.options,
    signal,
    ...(credentials && { credentials }),
    ...(principal.metadata && { requestMetadata: principal.metadata }),
  };
  const onRetry = () => {
    record.retries = (record.retries ?? 0) + 1;
  };
  const { clock, config } = deps;
  const batches = batchesOf(request.texts, family.maxTexts);
  // Each text has a call of its own on some models; what is tried again is bounded as for any other request.
  context.calls ??= new CallBudget(batches.length + bounds.upstreamCalls);
  const { calls } = context;
  const mayRepeat = () => !calls.isEmpty;
  const retry = { ...config, clock, deadline: context.deadline, signal, onRetry, mayRepeat };
  const send = (texts: readonly string[]) => {
    calls.take();
    return deps.embed({ ...call, texts });
  };
  const run = ({ first, texts }: Batch) =>
    withRetries(() => send(texts), retry).catch((thrown) => {
      const error = toApiError(thrown);
      const tooLong = readTooLong(error, texts, family);
      throw tooLong ? tooLongError(error, tooLong, paramOf(request, first, tooLong.text)) : error;
    });
  try {
    return await concurrently(batches, concurrency, run, deadline.abort);
  } finally {
    deadline.clear();
  }
}

/** The texts of one call, and the place of the first among all. */
interface Batch {
  first: number;
  texts: readonly string[];
}

function batchesOf(texts: readonly string[], size: number): Batch[] {
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, i) => ({
    first: i * size,
    texts: texts.slice(i * size, (i + 1) * size),
  }));
}

/** The name of a text. */
function paramOf({ single }: EmbeddingsRequest, first: number, text: number | undefined): Note {
  return single || text === undefined ? field('input') : field('input', first + text);
}

function told(parts: Embedded[], texts: readonly string[], { target, fitted }: Plan): Outcome & Embeddings {
  const vectors = parts.flatMap((part) => part.vectors);
  return {
    model: target.reportAs,
    modelId: target.id,
    attempts: [{ model: target.asked, region: target.region, result: 'ok' }],
    warnings: target.warnings,
    ignored: fitted.ignored,
    requestId: parts[0]?.requestId,
    vectors: fitted.normalizeAfter ? vectors.map(unitVector) : vectors,
    usage: usageOf(parts, texts),
  };
}

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
