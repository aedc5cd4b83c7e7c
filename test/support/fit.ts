import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import { createFit } from '../../lambda/fit/index.ts';
import * as schemaSteps from '../../lambda/fit/schema/steps.ts';
import type { Capabilities } from '../../lambda/models/capabilities.ts';

/** `fit` with all its steps. */
export const fit = createFit(schemaSteps);

/** The same where the model's name does not matter. */
export const fitUnnamed = (request: Omit<CanonicalRequest, 'model'>, capabilities: Capabilities) =>
  createFit(schemaSteps)({ model: 'm', ...request }, capabilities);
