import type { MeteredAssess, MeteredDraw } from '../accounting/metered-embed.ts';
import type { GuardrailConfig } from '../canonical/types.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { field, type Note } from '../fields.ts';
import { whiteWhereEdited } from '../fit/image-mask.ts';
import { fitImage, type ImageIntent, notAnImageModel } from '../fit/images.ts';
import { imageFamilyOfTarget, imageModelEnded } from '../models/images/families.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import type { Clock } from '../policy/clock.ts';
import type { Cooldown } from '../policy/cooldown.ts';
import type { Deadline } from '../policy/deadline.ts';
import { drawAll } from './draw-all.ts';
import { type Guard, type Guarding, guardIgnored, guardOf, passedBy } from './guard.ts';
import { guardedIntent } from './guarded-images.ts';
import { deadlineOf, inTime } from './in-time.ts';
import { placesFor } from './model-places.ts';
import type { Movable } from './moved.ts';
import { permit } from './permit.ts';
import { type Plan, type PlanDeps, type PlannedStep, targetOf } from './plan.ts';
import { runSteps } from './sequence.ts';
import type { Asked, Outcome, RequestContext } from './types.ts';

export interface ImagesRequest extends ImageIntent {
  /** How many are drawn, each by a call of its own. */
  n: number;
  /** Of the client's own, which counts where none is enforced. */
  guardrail?: GuardrailConfig | undefined;
}

export interface Images {
  /** Base64, at least one. Fewer than were asked for where some failed, which a warning says. */
  images: readonly string[];
  /** The background was left out. */
  transparent: boolean;
}

/** Runs one request for images: resolve → region → fit → enforced guardrail → calls → policy → backend → guardrail. */
export interface ImagesEngine {
  /** To be called before any work is done for the request: rejects with a 403 or 404 as the chat's `permit` does. */
  permit(asked: Asked, context: RequestContext): Promise<Plan>;
  draw(request: ImagesRequest, plan: Plan, context: RequestContext): Promise<Outcome & Images>;
}

export interface ImagesDeps {
  config: PlanDeps['config'] &
    Pick<Config, 'areRegionsNamed' | 'guardrail' | 'maxAttempts' | 'notReadyWaitMs'>;
  resolver: Pick<Resolver, 'resolve' | 'afterRefusal'>;
  draw: MeteredDraw;
  assess: MeteredAssess;
  cooldown: Cooldown;
  clock: Clock;
}

export function createImagesEngine(deps: ImagesDeps): ImagesEngine {
  // The models of the default chain chat: only a chain of the model's own counts.
  const fallbacks = { ...deps.config.fallbacks, default: [] };
  return {
    async permit(asked, context) {
      const deadline = deadlineOf(context, deps);
      try {
        const looking = inTime(deps, deadline);
        const places = await placesFor(looking, asked.model, context, imageFamilyOfTarget);
        const config = { ...deps.config, ...places, fallbacks };
        return await permit({ ...looking, config }, asked, context);
      } finally {
        deadline.clear();
      }
    },
    async draw({ mask, ...asked }, plan, context) {
      const request = mask ? { ...asked, mask: whiteWhereEdited(mask) } : asked;
      const deadline = deadlineOf(context, deps);
      const running: ImagesRun = { deps: inTime(deps, deadline), request, context, deadline };
      try {
        return await runSteps(plan.steps, (step, next) => drawAt(running, step, next), {
          onContextOverflow: fallbacks.onContextOverflow,
          cooldown: context.caller.credentials ? undefined : deps.cooldown,
          results: context.trace.steps,
        });
      } finally {
        deadline.clear();
      }
    },
  };
}

interface PassedIntent {
  guard: Guard | undefined;
  intent: ImageIntent;
  warnings: readonly Note[];
}

/** One request on its way. */
export interface ImagesRun extends Guarding<PassedIntent> {
  readonly deps: ImagesDeps;
  readonly request: ImagesRequest;
  readonly context: RequestContext;
  readonly deadline: Deadline;
}

async function drawAt(
  running: ImagesRun,
  step: PlannedStep,
  next: PlannedStep | undefined,
): Promise<Outcome & Images> {
  const { deps, request, context } = running;
  const target = await targetOf(deps, context.caller, step);
  const family = familyOf(target, request);
  // What cannot be drawn is not assessed either.
  fitImage(request, family);
  const { principal } = context.caller;
  const guard = guardOf({ principal, config: deps.config, asked: request.guardrail, target });
  const passed = await passedBy(running, guard, async () => ({
    guard,
    ...(await guardedIntent(running, guard, target)),
  }));
  const fitted = fitImage(passed.intent, family);
  const drawer: Movable = { target, moves: 0 };
  const { images, missing } = await drawAll(running, fitted.body, drawer, {
    hasAlternative: next?.model === step.model,
    takesSeed: family.options.includes('seed'),
  });
  context.trace.note({ modelUsed: drawer.target.id, region: drawer.target.region, images: images.length });
  return {
    model: target.reportAs,
    modelId: drawer.target.id,
    steps: context.trace.steps,
    warnings: [...drawer.target.warnings, ...passed.warnings, ...fitted.warnings, ...missing],
    ignored: [...fitted.ignored, ...guardIgnored(guard, request.guardrail)],
    images,
    // A JPEG has a background in any case.
    transparent: family.transparent === true && request.format !== 'jpeg',
  };
}

function familyOf(target: Target, { task }: ImagesRequest) {
  const day = imageModelEnded(target);
  if (day !== undefined) throw ended(target.asked, day);
  const family = imageFamilyOfTarget(target);
  if (!family) throw notAnImageModel(target, task);
  return family;
}

function ended(model: string, day: string): GatewayError {
  return new GatewayError({
    status: 404,
    reason: 'end_of_life',
    code: 'model_not_found',
    param: field('model'),
    facts: { missingModel: model },
    message: `The model \`${model.slice(0, 200)}\` reached the end of its life on Amazon Bedrock on ${day}. Use a current model; GET /v1/models?output=IMAGE lists those there are.`,
  });
}
