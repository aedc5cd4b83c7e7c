import { createFit } from '../../lambda/fit/index.ts';
import * as schemaSteps from '../../lambda/fit/schema/steps.ts';

/** `fit` with all its steps. */
export const fit = createFit(schemaSteps);
