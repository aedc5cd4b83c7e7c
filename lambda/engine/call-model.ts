import type { CanonicalRequest } from '../canonical/request.ts';
import type { Config } from '../config.ts';
import { type ApiError, toApiError } from '../errors.ts';
import { fitFor } from '../fit/index.ts';
import type { Fitted } from '../fit/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import type { Learned } from '../models/learned.ts';
import type { Resolver } from '../models/resolve/resolve.ts';
import type { Target } from '../models/target.ts';

interface Deps {
  config: Pick<Config, 'maxAttempts'>;
  resolver: Pick<Resolver, 'afterRefusal'>;
  learned: Learned;
  /** Whether the request may cause another call. */
  mayRepeat?: () => boolean;
  /** Told before each call that repeats one with a repaired request. */
  onRepair?: () => void;
}

interface Mended {
  target: Target;
  warning?: string;
  /** Holds for this request alone. */
  correction?: Partial<Capabilities>;
}

/** A request refused for two reasons is mended twice; what is refused a third time is refused. */
const maxRepairs = 2;

/**
 * Fits a request to a model and sends it. When Bedrock refuses something that can be left out or said in
 * another way, or wants the model called through an inference profile, that is mended, remembered for the
 * model, and sent again. With one attempt allowed (AWS_MAX_ATTEMPTS=1) nothing is sent twice.
 */
export async function callModel<T>(
  deps: Deps,
  first: Target,
  request: CanonicalRequest,
  send: (target: Target, fitted: Fitted) => Promise<{ value: T; requestId?: string }>,
) {
  const fit = await fitFor(request);
  const warnings: string[] = [];
  let target = first;
  let corrected: Partial<Capabilities> = {};
  for (let repairs = 0; ; repairs += 1) {
    const capabilities: Capabilities = {
      ...target.capabilities,
      ...deps.learned.of(keyOf(target)),
      ...corrected,
    };
    const fitted = fit(request, capabilities);
    try {
      const { value, requestId } = await send(target, fitted);
      return { value, requestId, target, fitted, warnings };
    } catch (thrown) {
      const error = toApiError(thrown);
      const mayRepair =
        repairs < Math.min(maxRepairs, deps.config.maxAttempts - 1) && deps.mayRepeat?.() !== false;
      const mended = mayRepair ? await mend(deps, target, capabilities, error) : undefined;
      if (!mended) throw error;
      target = mended.target;
      corrected = { ...corrected, ...mended.correction };
      deps.onRepair?.();
      if (mended.warning) warnings.push(mended.warning);
    }
  }
}

async function mend(
  { resolver, learned }: Deps,
  target: Target,
  capabilities: Capabilities,
  error: ApiError,
): Promise<Mended | undefined> {
  if (error.mayHaveRun) return undefined;
  const { repairFor } = await import('./repairs.ts');
  const repair = repairFor(error, capabilities);
  if (repair?.onlyThisRequest) return { target, warning: repair.warning, correction: repair.correction };
  if (repair) {
    learned.add(keyOf(target), repair.correction);
    return { target, warning: repair.warning };
  }
  const retargeted = await resolver.afterRefusal(target, error);
  return retargeted && { target: retargeted };
}

/** What a model refuses it refuses under each of its names. */
const keyOf = ({ underlying, id }: Target) => underlying ?? id;
