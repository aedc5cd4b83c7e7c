import { invocationJobOperations } from '../jobs/operations.ts';
import { foundationModelOperations } from './foundation-models.ts';
import { inferenceProfileOperations } from './inference-profiles.ts';
import type { ControlOperation } from './operation.ts';
import { ownedModelOperations } from './owned-models.ts';

/** The control plane, as far as anyone who looks for models, or has batches of requests, needs it. */
export const controlPlane: readonly ControlOperation[] = [
  ...foundationModelOperations,
  ...inferenceProfileOperations,
  ...ownedModelOperations,
  ...invocationJobOperations,
];
