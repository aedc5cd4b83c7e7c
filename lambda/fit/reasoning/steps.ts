/** What a request needs that asks for reasoning, or brings fields or flags for the model itself. */
export { fitBetas } from './betas.ts';
export { fitReasoning } from './reasoning.ts';
