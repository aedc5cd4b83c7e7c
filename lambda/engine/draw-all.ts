import { ByteBudget } from '../bounds.ts';
import type { JsonObject } from '../canonical/types.ts';
import { badRequest, type GatewayError, toGatewayError } from '../errors.ts';
import { field, type Note, note } from '../fields.ts';
import { imageOptions } from '../models/images/options.ts';
import { withDeadline } from '../policy/deadline.ts';
import { calledAs } from './called-as.ts';
import { concurrently } from './concurrently.ts';
import { guardedImage } from './guarded-images.ts';
import type { ImagesRun } from './images.ts';
import { assertInScope } from './in-scope.ts';
import { type Movable, moved } from './moved.ts';
import { callUntilAnswered } from './sequence.ts';

/** Calls at once: an image takes seconds, and the quota of most accounts is some tens a minute. */
const concurrency = 4;

interface DrawOptions {
  /** The same model can be asked in another region. */
  hasAlternative: boolean;
  takesSeed: boolean;
}

/** One of the images that were asked for. */
type Tried = { image: string } | { withheld: GatewayError } | { failed: GatewayError };

/**
 * Asks for each image by a call of its own. Where some of them come, these are the answer, and `missing` says what the
 * others failed of; where none comes, the reason of the first is thrown, a filter's before a failure.
 */
export async function drawAll(
  running: ImagesRun,
  body: JsonObject,
  drawer: Movable,
  options: DrawOptions,
): Promise<{ images: string[]; missing: Note[] }> {
  const { request, context, deadline, deps } = running;
  const { n } = request;
  new ByteBudget(n).spend(sizeOf(body), 'image');
  context.trace.gate?.expect(n);
  const own = withDeadline(deadline.signal, context.lifetime.deadline, deps.clock.now);
  try {
    const draw = (index: number) =>
      drawOne(running, seeded(body, index, options.takesSeed), drawer, {
        hasAlternative: options.hasAlternative,
        signal: own.signal,
      });
    const tried = await concurrently([...Array(n).keys()], concurrency, draw, own.abort);
    const images = tried.flatMap((each) => ('image' in each ? [each.image] : []));
    const withheld = tried.flatMap((each) => ('withheld' in each ? [each.withheld] : []));
    const failed = tried.flatMap((each) => ('failed' in each ? [each.failed] : []));
    const [why] = [...withheld, ...failed];
    if (why && images.length === 0) throw why;
    return { images, missing: why ? [missing(n, images.length, withheld.length)] : [] };
  } finally {
    own.clear();
  }
}

/** Images in base64 are nearly all of it. */
const sizeOf = (body: JsonObject): number =>
  Object.values(body).reduce<number>((sum, each) => sum + (typeof each === 'string' ? each.length : 8), 0);

/** The same seed would draw the same image again. */
function seeded(body: JsonObject, index: number, takesSeed: boolean): JsonObject {
  const { seed } = body;
  if (!takesSeed || typeof seed !== 'number' || index === 0) return body;
  return { ...body, seed: (seed + index) % (imageOptions.seed.max + 1) };
}

async function drawOne(
  running: ImagesRun,
  body: JsonObject,
  drawer: Movable,
  { hasAlternative, signal }: { hasAlternative: boolean; signal: AbortSignal },
): Promise<Tried> {
  const { deps, context } = running;
  const { caller, lifetime, calls } = context;
  const { principal } = caller;
  const { maxAttempts, notReadyWaitMs } = deps.config;
  let { target } = drawer;
  const call = (before: number) => {
    target = drawer.target;
    assertInScope(principal, target);
    return deps.draw({
      target,
      body,
      signal,
      repeated: before > 0,
      ...calledAs(context),
      ...(principal.metadata && { requestMetadata: principal.metadata }),
    });
  };
  const limits = { clock: deps.clock, deadline: lifetime.deadline, maxAttempts, notReadyWaitMs };
  const repair = (error: GatewayError) => moved(deps, drawer, target, error, caller);
  try {
    const drawn = await callUntilAnswered(call, { ...limits, calls, signal, hasAlternative, repair });
    if ('filtered' in drawn) return { withheld: filtered(drawn.filtered) };
    const blocked = await guardedImage(running, drawn.image, target);
    return blocked ? { withheld: blocked } : { image: drawn.image };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    // Without the guardrail no image may be given, and without time none will come.
    if (fatal.has(error.reason) || error.code === 'guardrail_unavailable') throw error;
    return { failed: error };
  }
}

const fatal: ReadonlySet<GatewayError['reason']> = new Set(['aborted', 'deadline', 'internal', 'forbidden']);

/** OpenAI's words for it: clients look for the code. */
function filtered(what: string): GatewayError {
  return badRequest(
    note`The model’s own content filter withheld the image: it objects to the ${what}. Change ${field('prompt')}, or the image.`,
    what === 'prompt' ? field('prompt') : undefined,
    'moderation_blocked',
  );
}

function missing(asked: number, drawn: number, withheld: number): Note {
  const failed = asked - drawn - withheld;
  const reasons = [
    ...(withheld > 0 ? [`${withheld} withheld by a content filter`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return note`${drawn} of the ${asked} images asked for (${field('answers')}) were drawn: ${reasons.join(', ')}`;
}
