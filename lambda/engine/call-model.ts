import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { type ApiError, toApiError } from '../errors.ts';
import { fitFor } from '../fit/index.ts';
import type { Fit, Fitted } from '../fit/types.ts';
import type { Learned } from '../models/learned.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';
import { capabilitiesFor, lessonOf, type ModelCall, teachings } from './model-call.ts';

interface Deps {
  config: Pick<Config, 'maxAttempts'>;
  resolver: Pick<Resolver, 'afterRefusal'>;
  learned: Learned;
  /** Absent for calls with a caller's own credentials: what another account is refused is not known of ours. */
  mayTeach?: boolean;
  /** Whether the request may cause another call. */
  mayRepeat?: () => boolean;
  /** Called before each call that repeats one with a repaired request. */
  onRepair?: () => void;
}

/** A request refused for two reasons is repaired twice; what is refused a third time is refused. */
const maxRepairs = 2;

/**
 * Fits a request to a model and sends it. When Bedrock refuses something that can be left out or said in
 * another way, or wants the model called through an inference profile, the request is repaired and sent again.
 * What helped is remembered for the model once the repaired request has succeeded. With one attempt allowed
 * (AWS_MAX_ATTEMPTS=1) nothing is sent twice. `call` keeps what was found out when the caller tries again.
 */
export async function callModel<T>(
  deps: Deps,
  call: ModelCall,
  request: CanonicalRequest,
  send: (target: Target, fitted: Fitted) => Promise<{ value: T; requestId?: string }>,
) {
  const fit = await fitFor(request, call.target.capabilities);
  for (;;) {
    const fitted = fit(request, capabilitiesFor(call, deps.learned));
    try {
      const { value, requestId } = await send(call.target, fitted);
      if (deps.mayTeach) remember(deps.learned, call, request);
      return { value, requestId, target: call.target, fitted, warnings: call.warnings };
    } catch (thrown) {
      const error = toApiError(thrown);
      if (!(await repaired({ ...deps, fit }, call, request, fitted, error))) throw error;
      call.repairs += 1;
      deps.onRepair?.();
    }
  }
}

function remember(learned: Learned, call: ModelCall, request: CanonicalRequest): void {
  for (const { modelId, correction } of teachings(call, request)) learned.add(modelId, correction);
}

/** Changes `call` so that the next try is another request; false: there is none to try. */
async function repaired(
  { config, resolver, learned, mayTeach = false, mayRepeat, fit }: Deps & { fit: Fit },
  call: ModelCall,
  request: CanonicalRequest,
  refused: Fitted,
  error: ApiError,
): Promise<boolean> {
  if (call.repairs >= Math.min(maxRepairs, config.maxAttempts - 1) || error.mayHaveRun) return false;
  if (mayRepeat?.() === false) return false;
  const { repairFor } = await import('./repairs/repair.ts');
  const capabilities = capabilitiesFor(call, learned);
  const lesson = lessonOf(error, call, refused, { request, capabilities, fit, repair: repairFor });
  if (lesson) {
    call.lessons.push(lesson);
    call.warnings.push(lesson.warning);
    return true;
  }
  const target = await resolver.afterRefusal(call.target, error, { remember: mayTeach });
  if (target) call.target = target;
  return target !== undefined;
}
