import type { Listings } from '../../bedrock/control-plane.ts';
import type { Lifecycle } from './entry.ts';

/** Epoch seconds of an SDK date. */
export const seconds = (date: Date | undefined) => date && Math.floor(date.getTime() / 1000);

type FoundationModel = Listings['foundationModels'][number];

/** A lifecycle with the end of life as a status: Bedrock keeps listing such models as LEGACY. */
export function lifecycleOf(from: FoundationModel['modelLifecycle'], now: number): Lifecycle | undefined {
  if (!from?.status) return undefined;
  const endOfLife = seconds(from.endOfLifeTime);
  return {
    status: endOfLife !== undefined && endOfLife <= now ? 'END_OF_LIFE' : from.status,
    startOfLife: seconds(from.startOfLifeTime),
    legacy: seconds(from.legacyTime),
    extendedAccess: seconds(from.publicExtendedAccessTime),
    endOfLife,
  };
}
