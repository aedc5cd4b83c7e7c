import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import { createFit } from '../../lambda/fit/index.ts';
import { allSteps } from '../../lambda/fit/on-demand.ts';
import type { Capabilities } from '../../lambda/models/capabilities.ts';

const steps = await allSteps();

const fitted = createFit(steps);

/** `fit` with all its steps. */
export { fitted as fit };

/** The same where the model's name does not matter. */
export const fitUnnamed = (request: Omit<CanonicalRequest, 'model'>, capabilities: Capabilities) =>
  fitted({ model: 'm', ...request }, capabilities);
