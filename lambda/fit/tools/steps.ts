/**
 * What a request with tools needs, and one with an output format, which may become a tool. One chunk: with tools come
 * their schemas, and the format shares with them what reads JSON Schema.
 */
export { fitStructuredOutput } from '../structured-output/structured-output.ts';
export { fitToolArguments } from './arguments.ts';
export { fitCalledNames } from './called-names.ts';
export { fitParallelCalls } from './choice.ts';
export { fitTools } from './tools.ts';
export { fitWebSearch } from './web-search.ts';
