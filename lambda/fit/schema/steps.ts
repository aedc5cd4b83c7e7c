/** The steps that read JSON Schema: a chunk of their own, for the requests that bring one. */
export { fitStructuredOutput } from '../structured-output/structured-output.ts';
export { fitToolArguments } from '../tools/arguments.ts';
