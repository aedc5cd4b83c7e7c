import { readTooLong, tooLongError } from '../backends/embed/too-long.ts';
import { bounds, CallBudget } from '../bounds.ts';
import { type GatewayError, toGatewayError } from '../errors.ts';
import { field, type Note } from '../fields.ts';
import type { FittedEmbedding } from '../fit/embeddings.ts';
import type { Embedded, EmbedImage } from '../models/embeddings/contract.ts';
import type { EmbeddingFamily } from '../models/embeddings/families.ts';
import { withDeadline } from '../policy/deadline.ts';
import { calledAs } from './called-as.ts';
import { concurrently } from './concurrently.ts';
import type { EmbeddingRun, EmbeddingsRequest } from './embeddings.ts';
import { assertInScope } from './in-scope.ts';
import { type Movable, moved } from './moved.ts';
import type { PlannedStep } from './plan.ts';
import { callUntilAnswered } from './sequence.ts';

/** A model that embeds, and what a request becomes for it. */
export interface Embedder extends Movable {
  family: EmbeddingFamily;
  fitted: FittedEmbedding;
}

/** Calls at once. Titan takes one text a call: a list of some hundred must neither take minutes nor eat the quota. */
const concurrency = 8;

/** Embeds every text, in as many calls as the family needs, some at a time. The first failure ends the others. */
export async function callBatches(
  running: EmbeddingRun,
  request: EmbeddingsRequest,
  embedder: Embedder,
  { step, next }: { step: PlannedStep; next: PlannedStep | undefined },
): Promise<Embedded[]> {
  const { deps, context, deadline } = running;
  const { caller, lifetime } = context;
  const { principal } = caller;
  const batches = batchesOf(request, embedder.family.maxTexts);
  const { parts, calls } = progressOf(running, step.model, batches.length);
  const hasAlternative = next?.model === step.model;
  const own = withDeadline(deadline.signal, lifetime.deadline, deps.clock.now);
  const { signal } = own;
  const { maxAttempts, notReadyWaitMs } = deps.config;
  const limits = { clock: deps.clock, deadline: lifetime.deadline, maxAttempts, notReadyWaitMs };

  const embed = ({ texts, image }: Batch) => {
    let { target } = embedder;
    const call = (before: number) => {
      target = embedder.target;
      assertInScope(principal, target);
      return deps.embed({
        target,
        texts,
        ...(image && { image }),
        format: embedder.family.format,
        options: embedder.fitted.options,
        signal,
        repeated: before > 0,
        ...calledAs(context),
        ...(principal.metadata && { requestMetadata: principal.metadata }),
      });
    };
    const repair = (error: GatewayError) => moved(deps, embedder, target, error, caller);
    return callUntilAnswered(call, { ...limits, calls, signal, hasAlternative, repair });
  };

  const run = async (batch: Batch) => {
    const known = parts.get(batch.first);
    if (known) return known;
    const embedded = await embed(batch).catch((thrown) => {
      const error = toGatewayError(thrown);
      const tooLong = readTooLong(error, batch.texts, embedder.family);
      throw tooLong ? tooLongError(error, tooLong, paramOf(request, batch.first, tooLong.text)) : error;
    });
    parts.set(batch.first, embedded);
    return embedded;
  };
  try {
    return await concurrently(batches, concurrency, run, own.abort);
  } finally {
    own.clear();
  }
}

/** What one model has embedded so far, by the first text of each batch, and the calls that it has left. */
export interface EmbeddingProgress {
  model: string;
  parts: Map<number, Embedded>;
  calls: CallBudget;
  /** Models that the request has come to, this one among them. */
  models: number;
}

/**
 * Another region of the same model goes on where the one before has stopped: its vectors are the same. Each text has a call
 * of its own on some models, so the first model and the one after it have room for all of them; what is tried again, and
 * all further models, are bounded as for any other request.
 */
function progressOf(running: EmbeddingRun, model: string, batches: number): EmbeddingProgress {
  const before = running.progress;
  if (before?.model === model) return before;
  const models = (before?.models ?? 0) + 1;
  const again = Math.min(before?.calls.left ?? bounds.upstreamCalls, bounds.upstreamCalls);
  const calls = before && models > 2 ? before.calls : new CallBudget(batches + again);
  running.progress = { model, parts: new Map(), calls, models };
  return running.progress;
}

interface Batch {
  /** Of its texts, counted in the whole request. */
  first: number;
  texts: readonly string[];
  /** Has a call of its own, with its text if there is one. */
  image?: EmbedImage;
}

function batchesOf({ texts, images }: EmbeddingsRequest, size: number): Batch[] {
  const batches: Batch[] = [];
  for (let first = 0; first < texts.length; ) {
    const image = images?.get(first);
    let end = first + 1;
    if (!image) while (end < texts.length && end - first < size && !images?.has(end)) end += 1;
    const own = texts.slice(first, end);
    batches.push(image ? { first, texts: own.filter((text) => text !== ''), image } : { first, texts: own });
    first = end;
  }
  return batches;
}

/** The name of a text. */
function paramOf({ single }: EmbeddingsRequest, first: number, text: number | undefined): Note {
  return single || text === undefined ? field('input') : field('input', first + text);
}
