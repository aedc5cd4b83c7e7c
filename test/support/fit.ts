import { createFit } from '../../lambda/fit/index.ts';
import { allSteps } from '../../lambda/fit/on-demand.ts';

/** `fit` with all its steps. */
export const fit = createFit(await allSteps());
